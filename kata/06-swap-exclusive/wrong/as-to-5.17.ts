// Believed: mappings and swap entries are all who can have a page: reuse_swap_page() asked so for fifteen years.
// Rejected by: a pipe that a child filled does not show what its parent writes
export * from "../solution.ts";
import type { Frame, SwapPte } from "sim";

export function swapInCanReuse(
  page: Frame,
  swapCount: number,
  entry: SwapPte,
  _write: boolean,
): boolean {
  return entry.exclusive || page.mapcount + swapCount <= 1;
}
