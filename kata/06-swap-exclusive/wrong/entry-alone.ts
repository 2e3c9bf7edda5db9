// Believed: the entry knows, and where it says nothing, do_wp_page() will find out by counting.
// Rejected by: a page whose last entry is read past the swap cache is exclusive
export * from "../solution.ts";
import type { Frame, SwapPte } from "sim";

export function swapInCanReuse(
  _page: Frame,
  _swapCount: number,
  entry: SwapPte,
  _write: boolean,
): boolean {
  return entry.exclusive;
}
