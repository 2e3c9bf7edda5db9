// Believed: a page is exclusive when it goes if it has its mapping and the swap cache, and no other reference.
// Rejected by: a pipe that was emptied while its page was out has left no trace
import type { Frame, SwapPte } from "sim";

export function swapOutIsExclusive(page: Frame): boolean {
  const mapping = 1, cache = 1;
  return page.refcount === mapping + cache;
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
