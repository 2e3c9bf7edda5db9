// Believed: if all references are mappings, no stranger refers to the frame: 6.15 asks so of large folios.
// Rejected by: anon_exclusive: the first of two that writes gets a copy
export * from "../solution.ts";
import type { Frame } from "sim";

export function byExclusive(page: Frame, _swapCount: number): boolean {
  return page.anonExclusive || page.refcount === page.mapcount;
}
