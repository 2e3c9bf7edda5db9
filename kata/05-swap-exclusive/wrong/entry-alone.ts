// Believed: the entry knows, and where it says nothing, do_wp_page() will find out by counting.
// Rejected by: a page whose last entry is read past the swap cache is exclusive
import type { Frame, SwapPte } from "sim";

export function swapOutIsExclusive(page: Frame): boolean {
  return page.anonExclusive;
}

export function forkKeepsSwapExclusive(_entry: SwapPte): boolean {
  return false;
}

export function swapInCanReuse(
  _page: Frame,
  _swapCount: number,
  entry: SwapPte,
  _write: boolean,
): boolean {
  return entry.exclusive;
}
