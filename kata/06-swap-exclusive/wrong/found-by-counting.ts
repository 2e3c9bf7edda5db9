// Believed: the entry need not say anything: when the page is back, its counts will show who has it.
// Rejected by: the same on a kernel that reads every page through the swap cache
export * from "../solution.ts";
import type { Frame, SwapPte } from "sim";

export function swapOutIsExclusive(_page: Frame): boolean {
  return false;
}

export function swapInCanReuse(
  page: Frame,
  swapCount: number,
  _entry: SwapPte,
  write: boolean,
): boolean {
  return swapCount === 0 || write && page.refcount === 1 && swapCount === 1;
}
