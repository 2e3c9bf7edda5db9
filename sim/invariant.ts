/**
 * What must hold whenever no lock is held. A break is a {@linkcode KernelBug}, the machine's `VM_BUG_ON`.
 * Left out: that a write-protected sequence is odd while fork asks who is pinned.
 *
 * @module
 */

import { KernelBug } from "./errno.ts";
import type { Era } from "./policy.ts";
import {
  type Frame,
  isCounted,
  type Mm,
  PAGE_SIZE,
  type Pfn,
  type State,
  TASK_SIZE,
} from "./state.ts";
import { GUP_PIN_COUNTING_BIAS, VM_SHARED } from "./uapi.ts";

/** What a frame is owed: how many entries point at it, and how many references are held beside them. */
interface Due {
  maps: number;
  refs: number;
}

/** Checks a state by the rules of an era. @throws KernelBug that names the frame and the rule */
export function check(state: State, era: Era): void {
  const due = new Map<Pfn, Due>();
  const owe = (pfn: Pfn, maps: number, refs: number) => {
    const one = due.get(pfn);
    if (!one) due.set(pfn, { maps, refs });
    else {
      one.maps += maps;
      one.refs += refs;
    }
  };
  for (const mm of state.mms.values()) {
    checkVmas(mm);
    for (const [vpn, { pfn, writable }] of mm.ptes) {
      const page = state.frames.get(pfn);
      if (!page) bug(pfn, `mapped by mm ${mm.id} at page 0x${vpn.toString(16)} and freed`);
      owe(pfn, 1, 1);
      if (writable) checkWritable(page, mm, era);
    }
    for (const { pfn } of mm.cleared.values()) owe(pfn, 1, 1);
  }
  for (const holds of state.holds.values()) {
    for (const { pfn, refs } of holds) {
      owe(pfn, 0, refs);
      // mm/gup.c sanity_check_pinned_pages(): VM_WARN_ON for a pinned anonymous page that is not exclusive.
      const page = state.frames.get(pfn);
      if (!era.anonExclusive || refs < GUP_PIN_COUNTING_BIAS || !page) continue;
      if (page.kind === "ksm" || page.kind === "anon" && !page.anonExclusive) {
        bug(pfn, "is pinned and not exclusive");
      }
    }
  }
  for (const grabbed of state.grabbed.values()) {
    for (const { pfn, refs } of grabbed) owe(pfn, 0, refs);
  }
  for (const { pages } of state.objects.values()) for (const pfn of pages.values()) owe(pfn, 0, 1);
  for (const pfn of state.inFlight) owe(pfn, 0, 1);
  checkSlots(state, owe);
  for (const page of state.frames.values()) checkFrame(page, due.get(page.pfn));
}

/** One writer alone. */
function checkWritable(page: Frame, mm: Mm, era: Era): void {
  const { pfn, mapcount, kind } = page;
  if (kind === "ksm" || kind === "zero") bug(pfn, `writable in mm ${mm.id} and a ${kind} page`);
  if (kind !== "anon") return;
  // copy_present_pte() write-protects a private frame in both tables.
  if (mapcount > 1) bug(pfn, `writable in mm ${mm.id} and mapped ${mapcount} times`);
  // mm/memory.c wp_page_reuse(), do_swap_page(): VM_BUG_ON(PageAnon(page) && !PageAnonExclusive(page)).
  if (era.anonExclusive && !page.anonExclusive) {
    bug(pfn, `writable in mm ${mm.id} and not exclusive`);
  }
}

function checkFrame(page: Frame, due: Due | undefined): void {
  const { pfn, refcount, mapcount, anonExclusive, kind } = page;
  // include/linux/page-flags.h: SetPageAnonExclusive() asserts an anonymous page that KSM has not merged.
  if (anonExclusive && kind !== "anon") bug(pfn, `is exclusive and ${kind}`);
  if (!isCounted(page)) return;
  const maps = due?.maps ?? 0, refs = due?.refs ?? 0;
  if (mapcount !== maps) bug(pfn, `has mapcount ${mapcount} and ${maps} mappings`);
  if (refcount !== refs) bug(pfn, `has refcount ${refcount} and ${refs} owners`);
  // mm/rmap.c __folio_add_anon_rmap(): VM_WARN_ON for an exclusive small folio with a second mapping.
  if (anonExclusive && mapcount > 1) bug(pfn, `is exclusive and mapped ${mapcount} times`);
}

/** The swap area: every slot has as many entries as it counts, and its cache refers to it. */
function checkSlots(
  state: State,
  owe: (pfn: Pfn, maps: number, refs: number) => void,
): void {
  const entries = new Map<number, number>();
  for (const mm of state.mms.values()) {
    for (const { slot, exclusive } of mm.swapPtes.values()) {
      entries.set(slot, (entries.get(slot) ?? 0) + 1);
      const count = state.slots.get(slot)?.count;
      if (!count) throw new KernelBug(`slot ${slot} is referred to by mm ${mm.id} and free`);
      // mm/rmap.c check_swap_exclusive(): an exclusive entry is the only one of its slot.
      if (exclusive && count > 1) {
        throw new KernelBug(`slot ${slot} is exclusive and has ${count} entries`);
      }
    }
  }
  for (const { id, count, pfn } of state.slots.values()) {
    const found = entries.get(id) ?? 0;
    if (count !== found) throw new KernelBug(`slot ${id} counts ${count} entries and has ${found}`);
    if (!pfn) continue;
    owe(pfn, 0, 1);
    const page = state.frames.get(pfn);
    if (page?.swap !== id) bug(pfn, `is cached by slot ${id} and says slot ${page?.swap}`);
    // mm/memory.c do_swap_page(): BUG_ON for an exclusive page that a swap entry refers to.
    if (count > 0 && page.anonExclusive) {
      bug(pfn, `is exclusive, and slot ${id} has ${count} entries`);
    }
  }
}

/** mm/mmap.c validate_mm(): mappings are ordered and do not overlap; every one that is shared is backed. */
function checkVmas(mm: Mm): void {
  let behind = 0;
  for (const { start, end, flags, object } of mm.vmas) {
    const aligned = start % PAGE_SIZE === 0 && end % PAGE_SIZE === 0; // of what is no number, too
    if (!aligned || start < behind || start >= end || end > TASK_SIZE) {
      throw new KernelBug(
        `mm ${mm.id} maps 0x${start.toString(16)}-0x${end.toString(16)} out of order`,
      );
    }
    if (flags & VM_SHARED && !object) {
      throw new KernelBug(`mm ${mm.id} shares 0x${start.toString(16)}, and nothing backs it`);
    }
    behind = end;
  }
}

function bug(pfn: Pfn, what: string): never {
  throw new KernelBug(`pfn ${pfn} ${what}`);
}
