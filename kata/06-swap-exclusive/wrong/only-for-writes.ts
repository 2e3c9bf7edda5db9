// Believed: whose a page is matters when it is written to; a read may leave it open.
// Rejected by: a pipe that took a page which was swapped in by a read sees its owner's write
export * from "../solution.ts";
import type { Frame, SwapPte } from "sim";

export function swapInCanReuse(
  page: Frame,
  swapCount: number,
  entry: SwapPte,
  write: boolean,
): boolean {
  if (!write) return false;
  return entry.exclusive || swapCount === 0 || page.refcount === 1 && swapCount === 1;
}
