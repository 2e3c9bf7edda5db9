// Believed: a page that one process maps when it goes is that process's own.
// Rejected by: a page that a child has put into a pipe goes out as what it is
import type { Frame, SwapPte } from "sim";

export function swapOutIsExclusive(page: Frame): boolean {
  return page.mapcount === 1;
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
