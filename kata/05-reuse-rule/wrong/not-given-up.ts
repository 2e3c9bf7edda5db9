// Believed: what MADV_FREE has given up is not kept.
// Rejected by: what else is known of a frame is not asked
export * from "../solution.ts";
import type { Frame } from "sim";

export function byPageCount(page: Frame, _swapCount: number): boolean {
  return page.refcount === 1 && !page.lazyfree;
}
