// Believed: a page has its mapping, the swap cache and a pipe or two; where more refer to it, somebody shares it.
// Rejected by: a page that many pipes hold while it is out is its owner's all the same
import type { Frame, SwapPte } from "sim";

export function swapOutIsExclusive(page: Frame): boolean {
  const few = 8;
  return page.anonExclusive && page.refcount < few;
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
