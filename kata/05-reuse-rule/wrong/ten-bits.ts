// Believed: no frame has more than a thousand owners, so that ten bits will do.
// Rejected by: any number of relatives
export * from "../solution.ts";
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  return ((page.mapcount + swapCount) & 0x3ff) === 1;
}
