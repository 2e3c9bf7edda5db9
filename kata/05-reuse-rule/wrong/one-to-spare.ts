// Believed: the two owners that a fork leaves are one family, and may go on with one frame.
// Rejected by: mapcount: the first of two that writes gets a copy
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  const family = 2;
  return page.mapcount + swapCount <= family;
}

export function byPageCount(page: Frame, _swapCount: number): boolean {
  return page.refcount === 1;
}

export function byExclusive(page: Frame, _swapCount: number): boolean {
  return page.anonExclusive || page.refcount === 1;
}
