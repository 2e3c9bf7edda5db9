// Believed: a page that lies far out in the swap area was there long before its process.
// Rejected by: a page that goes out to any slot comes back as it was
export * from "../solution.ts";
import type { Frame, SwapPte } from "sim";
import { swapInCanReuse as right } from "../solution.ts";

export function swapInCanReuse(
  page: Frame,
  swapCount: number,
  entry: SwapPte,
  write: boolean,
): boolean {
  return right(page, swapCount, entry, write) && entry.slot <= 1e6;
}
