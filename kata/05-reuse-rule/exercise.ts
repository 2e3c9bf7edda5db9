import type { Frame } from "sim";

// Each is asked when a process writes to a write-protected private page: may it
// keep the frame? If not, it gets a copy, and everybody else keeps the frame.
// `swapCount` tells how many page tables have a swap entry for the frame.

/** 2.6.13 to 5.7. */
export function byMapcount(_page: Frame, _swapCount: number): boolean {
  // TODO: the three rules. So far each of them copies every write.
  return false;
}

/** 5.9 to 5.17. */
export function byPageCount(_page: Frame, _swapCount: number): boolean {
  return false;
}

/** 5.19 to 6.1. */
export function byExclusive(_page: Frame, _swapCount: number): boolean {
  return false;
}
