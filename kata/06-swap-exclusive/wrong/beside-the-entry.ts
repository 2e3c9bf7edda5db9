// Believed: entries have no bit to spare, so that it is written down beside them, by slot.
// Rejected by: any page, any entry, in any order
export * from "../solution.ts";
import type { Frame, SwapPte } from "sim";

const exclusive = new Map<number, boolean>();

export function swapOutIsExclusive(page: Frame): boolean {
  exclusive.set(page.swap, page.anonExclusive);
  return page.anonExclusive;
}

export function forkKeepsSwapExclusive(entry: SwapPte): boolean {
  exclusive.set(entry.slot, false);
  return false;
}

export function swapInCanReuse(
  page: Frame,
  swapCount: number,
  entry: SwapPte,
  write: boolean,
): boolean {
  return exclusive.get(entry.slot) || swapCount === 0 ||
    write && page.refcount === 1 && swapCount === 1;
}
