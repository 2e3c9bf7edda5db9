// Believed: the mark says who owns a page, so it makes all counting unnecessary.
// Rejected by: anon_exclusive: what was shared once is kept by the last
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  return page.mapcount + swapCount === 1;
}

export function byPageCount(page: Frame, _swapCount: number): boolean {
  return page.refcount === 1;
}

export function byExclusive(page: Frame, _swapCount: number): boolean {
  return page.anonExclusive;
}
