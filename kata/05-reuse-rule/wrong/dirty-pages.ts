// Believed: a dirty page was written by somebody who used no page table, so its one reference is not the writer's.
// Rejected by: page_count: a page that a disk has filled and let go of is kept
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  return page.mapcount + swapCount === 1;
}

export function byPageCount(page: Frame, _swapCount: number): boolean {
  return page.refcount === 1 && !page.dirty;
}

export function byExclusive(page: Frame, _swapCount: number): boolean {
  return page.anonExclusive || page.refcount === 1;
}
