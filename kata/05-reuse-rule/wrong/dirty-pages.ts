// Believed: a dirty page was written by somebody who used no page table, so its one reference is not the writer's.
// Rejected by: page_count: a page that a disk has filled and let go of is kept
export * from "../solution.ts";
import type { Frame } from "sim";

export function byPageCount(page: Frame, _swapCount: number): boolean {
  return page.refcount === 1 && !page.dirty;
}
