// Believed: a page in the swap cache may be looked up by anybody, so it is nobody's own.
// Rejected by: mapcount: a page that the swap cache alone still has is kept
import type { Frame } from "sim";

export function byMapcount(page: Frame, _swapCount: number): boolean {
  return page.mapcount === 1 && page.swap === 0;
}

export function byPageCount(page: Frame, _swapCount: number): boolean {
  return page.refcount === 1;
}

export function byExclusive(page: Frame, _swapCount: number): boolean {
  return page.anonExclusive || page.refcount === 1;
}
