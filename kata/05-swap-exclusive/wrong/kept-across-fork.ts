// Believed: what is swapped out is in nobody's page table, so that a fork does not share it.
// Rejected by: a page that was out when its process forked twice is nobody's own
import type { Frame, SwapPte } from "sim";

export function swapOutIsExclusive(page: Frame): boolean {
  return page.anonExclusive;
}

export function forkKeepsSwapExclusive(entry: SwapPte): boolean {
  return entry.exclusive;
}

export function swapInCanReuse(
  page: Frame,
  swapCount: number,
  entry: SwapPte,
  write: boolean,
): boolean {
  return entry.exclusive || swapCount === 0 || write && page.refcount === 1 && swapCount === 1;
}
