// This module is browser compatible.
/**
 * What must hold whenever no lock is held. A break is a {@linkcode KernelBug}, the machine's `VM_BUG_ON`.
 *
 * @module
 */

import type { Era } from "./era.ts";
import { KernelBug } from "./errno.ts";
import { isCounted, type Pfn, type State } from "./state.ts";
import { GUP_PIN_COUNTING_BIAS } from "./uapi.ts";

/** Checks a state by the rules of an era. @throws KernelBug that names the frame and the rule */
export function check(state: State, era: Era): void {
  const mapped = new Map<Pfn, number>();
  for (const mm of state.mms.values()) {
    for (const [vpn, pte] of mm.ptes) {
      mapped.set(pte.pfn, (mapped.get(pte.pfn) ?? 0) + 1);
      const page = state.frames.get(pte.pfn);
      if (!page) bug(pte.pfn, `mapped by mm ${mm.id} at page 0x${vpn.toString(16)} and freed`);
      if (!pte.writable) continue;
      // One writer alone: a private frame that two tables map is write-protected in both (copy_present_pte).
      if (page.kind !== "anon") continue;
      if (page.mapcount > 1) {
        bug(pte.pfn, `writable in mm ${mm.id} and mapped ${page.mapcount} times`);
      }
      // mm/memory.c wp_page_reuse(), do_swap_page(): VM_BUG_ON(PageAnon(page) && !PageAnonExclusive(page)).
      if (era.anonExclusive && !page.anonExclusive) {
        bug(pte.pfn, `writable in mm ${mm.id} and not exclusive`);
      }
    }
  }
  const held = new Map<Pfn, number>();
  for (const { pfn, refs } of [...state.holds.values()].flat()) {
    held.set(pfn, (held.get(pfn) ?? 0) + refs);
    // mm/gup.c sanity_check_pinned_pages(): VM_WARN_ON for a pinned anonymous page that is not exclusive.
    const page = state.frames.get(pfn);
    if (era.anonExclusive && refs >= GUP_PIN_COUNTING_BIAS && page?.kind === "anon") {
      if (!page.anonExclusive) bug(pfn, `is pinned and not exclusive`);
    }
  }
  for (const { pages } of state.objects.values()) {
    for (const pfn of pages.values()) held.set(pfn, (held.get(pfn) ?? 0) + 1); // the page cache's
  }
  for (const page of state.frames.values()) {
    // include/linux/page-flags.h: SetPageAnonExclusive() asserts an anonymous page.
    if (page.anonExclusive && page.kind !== "anon") bug(page.pfn, `is exclusive and ${page.kind}`);
    if (!isCounted(page)) continue;
    const { pfn, refcount, mapcount } = page;
    if (mapcount !== (mapped.get(pfn) ?? 0)) {
      bug(pfn, `has mapcount ${mapcount} and ${mapped.get(pfn) ?? 0} mappings`);
    }
    const owners = mapcount + (held.get(pfn) ?? 0) + (state.inFlight.has(pfn) ? 1 : 0);
    if (refcount !== owners) bug(pfn, `has refcount ${refcount} and ${owners} owners`);
    // mm/rmap.c __folio_add_anon_rmap(): VM_WARN_ON for an exclusive small folio with a second mapping.
    if (page.anonExclusive && mapcount > 1) bug(pfn, `is exclusive and mapped ${mapcount} times`);
  }
}

function bug(pfn: Pfn, what: string): never {
  throw new KernelBug(`pfn ${pfn} ${what}`);
}
