import type { Frame } from "sim";

// Each is asked when a process writes to a write-protected private page: may it
// keep the frame? If not, it gets a copy, and everybody else keeps the frame.
// `swapCount` tells how many page tables have a swap entry for the frame.

/** 2.6.13 to 5.7. */
export function byMapcount(page: Frame, swapCount: number): boolean {
  // Who can reach the frame through a page table, now or after a fault? The
  // writer is one of them. A process with a swap entry would find this very
  // frame in the swap cache, so it counts like one that maps it. Pipes and
  // devices are not asked: that keeps a device with its process, and it is
  // CVE-2020-29374.
  return page.mapcount + swapCount === 1;
}

/** 5.9 to 5.17. */
export function byPageCount(page: Frame, _swapCount: number): boolean {
  // Every mapping is a reference, every pipe, every device, and so is the swap
  // cache. One is the writer's own. Nobody who could read the write is missed;
  // but some who should read it are parted from it, a pin of the writer's own
  // among them, and a page that is only cached is copied for nothing.
  return page.refcount === 1;
}

/** 5.19 to 6.1. */
export function byExclusive(page: Frame, _swapCount: number): boolean {
  // Fork takes the mark away when it shares a page. Where it is left nobody has
  // shared the page, so that every reference is the writer's own affair, and no
  // count is asked. Where it is gone the sharing may be over, which only the
  // count can prove, and in doubt it is a copy. Before it asks, the machine has
  // taken the page out of the swap cache if no entry needs it there.
  return page.anonExclusive || page.refcount === 1;
}
