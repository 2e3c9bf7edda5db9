// Believed: whose a page is matters when it is written to; a read may leave it open.
// Rejected by: a pipe that took a page which was swapped in by a read sees its owner's write
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
  if (!write) return false;
  return entry.exclusive || swapCount === 0 || page.refcount === 1 && swapCount === 1;
}
