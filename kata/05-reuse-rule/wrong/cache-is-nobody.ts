// Believed: the swap cache's reference is the kernel's own bookkeeping, so it is taken off the count.
// Rejected by: page_count: a page for which a relative has a swap entry is copied
export * from "../solution.ts";
import type { Frame } from "sim";

export function byPageCount(page: Frame, _swapCount: number): boolean {
  const cache = page.swap ? 1 : 0;
  return page.refcount - cache === 1;
}
