// Believed: if the swap cache has the only reference, nobody has the page.
// Rejected by: a child does not read what its parent was the first to write
import type { Frame, SwapPte } from "sim";

export function swapOutIsExclusive(page: Frame): boolean {
  return page.anonExclusive;
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
  return entry.exclusive || swapCount === 0 || write && page.refcount === 1;
}
