import type { Frame, SwapPte } from "sim";

/** Will the swap entry say that this page, which goes out, is exclusive? */
export function swapOutIsExclusive(_page: Frame): boolean {
  // TODO: keep what is known of a page while it is swapped out, in these three
  // functions. So far all is forgotten, and a page comes back as anybody's.
  return false;
}

/** fork duplicates a swap entry: do both still say so? */
export function forkKeepsSwapExclusive(_entry: SwapPte): boolean {
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
  _page: Frame,
  _swapCount: number,
  _entry: SwapPte,
  _write: boolean,
): boolean {
  return false;
}
