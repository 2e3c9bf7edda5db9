// Believed: the kernel's _mapcount counts from -1, so that one mapping and no swap entry make 0.
// Rejected by: mapcount: the last of two that writes keeps the frame
export * from "../solution.ts";
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  return page.mapcount + swapCount === 0;
}
