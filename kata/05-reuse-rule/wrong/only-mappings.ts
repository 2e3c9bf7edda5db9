// Believed: if all references are mappings, no stranger refers to the frame: 6.15 asks so of large folios.
// Rejected by: anon_exclusive: the first of two that writes gets a copy
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  return page.mapcount + swapCount === 1;
}

export function byPageCount(page: Frame, _swapCount: number): boolean {
  return page.refcount === 1;
}

export function byExclusive(page: Frame, _swapCount: number): boolean {
  return page.anonExclusive || page.refcount === page.mapcount;
}
