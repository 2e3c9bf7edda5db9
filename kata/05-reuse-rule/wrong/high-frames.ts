// Believed: what lies above the low gigabytes is not mapped by the kernel, and cannot be kept.
// Rejected by: what else is known of a frame is not asked
export * from "../solution.ts";
import type { Frame } from "sim";
import { byPageCount as right } from "../solution.ts";

export function byPageCount(page: Frame, swapCount: number): boolean {
  return right(page, swapCount) && page.pfn <= 2 ** 24;
}
