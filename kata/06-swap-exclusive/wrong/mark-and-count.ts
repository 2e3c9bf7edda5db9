// Believed: the entry's word is old when the page comes back, so the count has to bear it out.
// Rejected by: a pipe that holds a page while it is out sees its owner's write
export * from "../solution.ts";
import type { Frame, SwapPte } from "sim";

export function swapInCanReuse(
  page: Frame,
  swapCount: number,
  entry: SwapPte,
  write: boolean,
): boolean {
  if (swapCount === 0) return true;
  return page.refcount === 1 && (entry.exclusive || write && swapCount === 1);
}
