// Believed: a process that has the page swapped out does not map it, and mappings are what the rule is named for.
// Rejected by: mapcount: two relatives that have the page as a swap entry are owners
export * from "../solution.ts";
import type { Frame } from "sim";

export function byMapcount(page: Frame, _swapCount: number): boolean {
  return page.mapcount === 1;
}
