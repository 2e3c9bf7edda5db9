// Believed: page_count was back, and so was the whole test of 2.6.12, which sees through the swap cache.
// Rejected by: page_count: a page that the swap cache alone still has is copied
export * from "../solution.ts";
import type { Frame } from "sim";

export function byPageCount(page: Frame, swapCount: number): boolean {
  const cache = page.swap ? 1 : 0;
  return swapCount === 0 && page.refcount === 1 + cache;
}
