// Believed: the entry's word is old when the page comes back, so the count has to bear it out.
// Rejected by: a pipe that holds a page while it is out sees its owner's write
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
  if (swapCount === 0) return true;
  return page.refcount === 1 && (entry.exclusive || write && swapCount === 1);
}
