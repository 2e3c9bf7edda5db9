// Believed: if the swap cache has the only reference, nobody has the page.
// Rejected by: a child does not read what its parent was the first to write
export * from "../solution.ts";
import type { Frame, SwapPte } from "sim";

export function swapInCanReuse(
  page: Frame,
  swapCount: number,
  entry: SwapPte,
  write: boolean,
): boolean {
  return entry.exclusive || swapCount === 0 || write && page.refcount === 1;
}
