/**
 * Reclaim: a page is put out of memory. Models `shrink_folio_list()` of mm/vmscan.c and `try_to_unmap_one()` of
 * mm/rmap.c, for one page at a time and one mapping of it, as MADV_PAGEOUT asks.
 * Left out: the LRU lists and who is chosen from them, writeback (a slot is written at once), pages that several tables
 * map, which MADV_PAGEOUT leaves alone; the page lock.
 *
 * @module
 */

import { vpnOf } from "../address.ts";
import type { Machine, Path } from "../machine.ts";
import { type Frame, type Mm, page_maybe_dma_pinned, type Vma, type Vpn } from "../state.ts";
import { rmap_walk_ksm } from "./ksm.ts";
import { add_to_swap } from "./swap.ts";

/** Puts one mapped page out, if it may go. The caller holds the mmap_lock for read. */
export function* reclaimPage(m: Machine, mm: Mm, vma: Vma, vpn: Vpn): Path<void> {
  const pte = mm.ptes.get(vpn);
  if (!pte) return;
  const page = m.page(pte.pfn);
  switch (page.kind) {
    case "anon":
    case "ksm":
      if (page.mapcount !== 1) return;
      if (page.lazyfree) return discard(m, mm, vpn, page);
      return yield* swapOut(m, mm, vpn, page);
    case "shmem":
    case "file":
      if (page.mapcount === 1) putOut(m, mm, vma, vpn, page);
  }
}

/**
 * A page that MADV_FREE gave up is dropped, not written. Written since, it is an ordinary page again; somebody else's
 * reference keeps it mapped, for now.
 */
function discard(m: Machine, mm: Mm, vpn: Vpn, page: Frame): void {
  const { pfn, refcount } = page, at = "try_to_unmap_one";
  if (page.dirty || mm.ptes.get(vpn)!.dirty) {
    m.note({ at, answer: "keep", by: "dirty", pfn, refcount });
    return m.emit({ type: "lazyfree", pfn, value: false });
  }
  if (refcount !== page.mapcount && !m.era.lazyfreeDespiteGet) {
    return m.note({ at, answer: "keep", by: "refcount", pfn, refcount });
  }
  m.note({ at, answer: "drop", by: "lazyfree", pfn, refcount });
  m.emit({ type: "zap", mm: mm.id, vpns: [vpn] });
}

/** Private memory goes to the swap area; a reference keeps the frame in the swap cache, so that it is found again. */
function* swapOut(m: Machine, mm: Mm, vpn: Vpn, page: Frame): Path<void> {
  const by = keeps(m, page);
  if (by) return m.note({ at: "shrink_folio_list", by, pfn: page.pfn });
  if (!page.swap) add_to_swap(m, page);
  yield;
  if (!(yield* m.pteLocked(mm, try_to_unmap_one(m, mm, vpn, page)))) return;
  if (page.refcount === 1) m.emit({ type: "delete_from_swap_cache", pfn: page.pfn });
}

/**
 * Takes a page out of the one table that maps it, if that still does, and nobody else. The page-table lock is held. An
 * exclusive page that may be pinned meanwhile stays: gup-fast takes a reference and then looks at the entry again, this
 * empties the entry and then looks at the references, so that one of the two sees the other. Models `try_to_unmap_one()` with `folio_try_share_anon_rmap_pte()`.
 *
 * Where that is not ordered ({@linkcode Era.gupFastOrdered}), one of the two looks comes too early, because a processor
 * may hold a store back behind a later load. In 5.19 and 6.0 it is gup-fast's, if any: the TLB flush kept the steps here
 * in order (message of 088b8aa537c2, whose author could not provoke the race). The machine swaps the steps here instead,
 * with the same effect: both have looked, and neither has seen the other. It is the one reordering that is modelled. Real
 * processors reorder more, the clearing of the flag behind the new entry and gup-fast's own loads for two.
 *
 * @returns whether it is unmapped
 */
function* try_to_unmap_one(m: Machine, mm: Mm, vpn: Vpn, page: Frame): Path<boolean> {
  const maps = mm.ptes.get(vpn)?.pfn === page.pfn;
  if (!maps || !page.swap || page.mapcount !== 1) return false; // there is no page lock here: others were faster
  if (page.kind === "ksm" && !rmap_walk_ksm(m, page, vpn)) return false; // it stays in the swap cache, mapped
  let mayShare = false;
  const clear = () => m.emit({ type: "clear_pte", mm: mm.id, vpn });
  const ask = () => {
    mayShare = !page.anonExclusive || !page_maybe_dma_pinned(page);
    if (!page.anonExclusive) return;
    m.saw({ at: "try_to_unmap_one", pfn: page.pfn, pinned: !mayShare });
  };
  const [first, second] = m.era.gupFastOrdered ? [clear, ask] : [ask, clear];
  first();
  yield; // the page-table lock is held, and gup-fast looks
  second();
  if (!mayShare || !page.swap) {
    const { pfn, refcount } = page;
    m.note({ at: "try_to_unmap_one", answer: "keep", by: "busy", pfn, refcount });
    m.emit({ type: "set_pte", mm: mm.id, vpn, pte: mm.cleared.get(vpn)!, exclusive: false });
    return false;
  }
  const exclusive = m.era.swapOutIsExclusive(page);
  m.emit({ type: "unmap_to_swap", mm: mm.id, vpn, exclusive });
  return true;
}

/** Why reclaim leaves a page mapped; undefined when it may go. */
function keeps(m: Machine, page: Frame): "pinned" | "referenced" | undefined {
  switch (m.era.reclaimSkips) {
    case "referenced":
      return page.refcount > page.mapcount + (page.swap ? 1 : 0) ? "referenced" : undefined;
    case "pinned": // one that is in the swap cache already is asked only where it is exclusive, at the unmapping
      if (page.swap && !page.anonExclusive) return undefined;
      return page_maybe_dma_pinned(page) ? "pinned" : undefined;
    case "nothing":
      return undefined;
  }
}

/** A page of a file or of shared memory leaves the table, and the page cache unless somebody refers to it. */
function putOut(m: Machine, mm: Mm, vma: Vma, vpn: Vpn, page: Frame): void {
  m.emit({ type: "zap", mm: mm.id, vpns: [vpn] });
  if (page.refcount > 1) return;
  const index = vma.pgoff + vpn - vpnOf(vma.start);
  m.emit({ type: "object_absent", id: vma.object, index });
}
