// Believed: 5.9 changed fork, which copies pinned pages early; the write fault could stay as it was.
// Rejected by: page_count: two pins that a child took force a copy
export * from "../solution.ts";
import type { Frame } from "sim";

export function byPageCount(page: Frame, swapCount: number): boolean {
  return page.mapcount + swapCount === 1;
}
