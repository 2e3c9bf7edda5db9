// Believed: a page in the swap cache may be looked up by anybody, so it is nobody's own.
// Rejected by: mapcount: a page that the swap cache alone still has is kept
export * from "../solution.ts";
import type { Frame } from "sim";

export function byMapcount(page: Frame, _swapCount: number): boolean {
  return page.mapcount === 1 && page.swap === 0;
}
