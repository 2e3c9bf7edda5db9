// Believed: the mark is for get_user_pages; the write fault has its count, which has been safe since 5.9.
// Rejected by: anon_exclusive: what was never shared is kept, whoever refers to it
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  return page.mapcount + swapCount === 1;
}

export function byPageCount(page: Frame, _swapCount: number): boolean {
  return page.refcount === 1;
}

export function byExclusive(page: Frame, _swapCount: number): boolean {
  return page.refcount === 1;
}
