// Believed: a page without the mark may be alone again, which its two references prove: its mapping and the swap cache.
// Rejected by: two pages and three processes, past the swap cache, in every short order and many long ones
export * from "../solution.ts";
import type { Frame } from "sim";

export function swapOutIsExclusive(page: Frame): boolean {
  const mapping = 1, cache = 1;
  return page.anonExclusive || page.refcount === mapping + cache;
}
