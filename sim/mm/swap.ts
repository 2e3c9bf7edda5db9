/**
 * The swap area and the frames that cache it. Models mm/swapfile.c and mm/swap_state.c.
 * Left out: the device, its writeback, how full it is; a slot keeps its contents, and finds room at once.
 *
 * @module
 */

import type { Machine } from "../machine.ts";
import type { Frame, Mm, Slot, SwapPte, Vma, Vpn } from "../state.ts";
import { vpnOf } from "../address.ts";
import { alloc_page } from "./page.ts";

/** Neighbours that are read along with a slot: those before a page, and those behind it. */
const READ_AHEAD = { before: 3, behind: 4 };

/** The slot of a swap entry. */
export function slotOf(m: Machine, pte: SwapPte): Slot {
  return m.state.slots.get(pte.slot)!;
}

/** How many swap entries refer to the slot that a frame caches, `page_swapcount`; 0 for a frame outside the swap cache. */
export function page_swapcount(m: Machine, page: Frame): number {
  return page.swap ? m.state.slots.get(page.swap)!.count : 0;
}

/** Gives a frame a new slot, which it caches until it is written. Models `folio_alloc_swap()`. */
export function add_to_swap(m: Machine, page: Frame): void {
  m.emit({ type: "add_to_swap_cache", pfn: page.pfn, slot: m.state.nextSlot });
}

/** Takes a frame out of the swap cache, if no entry needs its slot any more. Models `folio_free_swap()`. */
export function folio_free_swap(m: Machine, page: Frame): boolean {
  if (!page.swap || page_swapcount(m, page) > 0) return false;
  m.emit({ type: "delete_from_swap_cache", pfn: page.pfn });
  return true;
}

/** Lets go of the cache when neither an entry nor a mapping is left of a page. Models `free_swap_cache()`. */
export function free_swap_cache(m: Machine, page: Frame | undefined): void {
  if (page?.swap && page.mapcount === 0) folio_free_swap(m, page);
}

/** Reads a slot into a frame of the swap cache, or finds it there. Models `read_swap_cache_async()`. */
export function read_swap_cache_async(m: Machine, slot: Slot): Frame {
  if (slot.pfn) return m.page(slot.pfn);
  const page = alloc_page(m);
  m.emit({ type: "add_to_swap_cache", pfn: page.pfn, slot: slot.id });
  return page;
}

/**
 * Reads the swapped-out neighbours of a page of the same mapping into the swap cache: a later fault finds them cached,
 * which says less about who else has them. Models `swap_vma_readahead()` with the window of a mapping's first fault.
 * Left out: later windows, which `swap_readahead_info` makes smaller while nobody asks for what was read ahead.
 */
export function swap_vma_readahead(m: Machine, mm: Mm, vma: Vma, vpn: Vpn): void {
  const first = Math.max(vpn - READ_AHEAD.before, vpnOf(vma.start));
  const end = Math.min(vpn + READ_AHEAD.behind + 1, vpnOf(vma.end));
  for (let at = first; at < end; at++) {
    const pte = mm.swapPtes.get(at);
    if (pte) read_swap_cache_async(m, slotOf(m, pte));
  }
}
