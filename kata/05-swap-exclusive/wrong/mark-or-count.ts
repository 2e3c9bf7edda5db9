// Believed: a page without the mark may be alone again, which its two references prove: its mapping and the swap cache.
// Rejected by: two pages and three processes, past the swap cache, in every short order and many long ones
import type { Frame, SwapPte } from "sim";

export function swapOutIsExclusive(page: Frame): boolean {
  const mapping = 1, cache = 1;
  return page.anonExclusive || page.refcount === mapping + cache;
}

export function forkKeepsSwapExclusive(_entry: SwapPte): boolean {
  return false;
}

export function swapInCanReuse(
  page: Frame,
  swapCount: number,
  entry: SwapPte,
  write: boolean,
): boolean {
  return entry.exclusive || swapCount === 0 || write && page.refcount === 1 && swapCount === 1;
}
