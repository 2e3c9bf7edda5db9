import type { Frame, SwapPte } from "sim";

/** Will the swap entry say that this page, which goes out, is exclusive? */
export function swapOutIsExclusive(page: Frame): boolean {
  // The mark is all there is to know, and the counts know nothing: a page can be
  // mapped once and be in a relative's pipe, and a page can be in three pipes
  // and be its process's own.
  return page.anonExclusive;
}

/** fork duplicates a swap entry: do both still say so? */
export function forkKeepsSwapExclusive(_entry: SwapPte): boolean {
  // Now two processes have the page. It is as with a page that is mapped, which
  // loses its mark when fork shares it.
  return false;
}

/**
 * Is a page that comes back exclusive?
 *
 * @param page in the swap cache, or fresh; not mapped yet by this entry
 * @param swapCount how many swap entries there are for the page, this one
 * included; 0 when it is not in the swap cache
 * @param write does a write bring it back?
 */
export function swapInCanReuse(
  page: Frame,
  swapCount: number,
  entry: SwapPte,
  write: boolean,
): boolean {
  // What was known when the page went, and no fork has come in between. Nothing
  // else is asked then: the references that the page has are its process's
  // affair.
  if (entry.exclusive) return true;
  // A fresh frame, past the swap cache: the slot had this one entry, and nobody
  // has ever seen the frame.
  if (swapCount === 0) return true;
  // The swap cache has the only reference, and this is the last entry. A read
  // leaves the page in the cache and asks again at the first write, which is as
  // good; so it is in the kernel.
  return write && page.refcount === 1 && swapCount === 1;
}
