// Believed: the rule before 2.6.13 was safer: nobody may refer to the frame but the writer and the swap cache.
// Rejected by: mapcount: a pipe's reference is not asked about
export * from "../solution.ts";
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  const cache = page.swap ? 1 : 0;
  return swapCount === 0 && page.refcount === 1 + cache;
}
