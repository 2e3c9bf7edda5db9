// Believed: the swap area counts entries in a byte, so that no count of owners needs more.
// Rejected by: any counts, any frame, asked twice
export * from "../solution.ts";
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  return ((page.mapcount + swapCount) & 0xff) === 1;
}
