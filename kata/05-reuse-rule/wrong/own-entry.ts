// Believed: one of the swap entries is the writer's own, so one of them may be left.
// Rejected by: mapcount: one relative that has the page as a swap entry is an owner
export * from "../solution.ts";
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  const own = 1;
  return page.mapcount === 1 && swapCount <= own;
}
