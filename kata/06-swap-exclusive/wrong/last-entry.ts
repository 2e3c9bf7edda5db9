// Believed: who has the last swap entry of a page has the page.
// Rejected by: a child that reads first keeps what it has read
export * from "../solution.ts";
import type { Frame, SwapPte } from "sim";

export function swapInCanReuse(
  _page: Frame,
  swapCount: number,
  entry: SwapPte,
  _write: boolean,
): boolean {
  return entry.exclusive || swapCount <= 1;
}
