// Believed: the two owners that a fork leaves are one family, and may go on with one frame.
// Rejected by: mapcount: the first of two that writes gets a copy
export * from "../solution.ts";
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  const family = 2;
  return page.mapcount + swapCount <= family;
}
