// Believed: a reference of the swap cache is not a process's, and the mark takes care of the rest.
// Rejected by: anon_exclusive: a page for which a relative has a swap entry is copied
export * from "../solution.ts";
import type { Frame } from "sim";

export function byExclusive(page: Frame, _swapCount: number): boolean {
  const cache = page.swap ? 1 : 0;
  return page.anonExclusive || page.refcount - cache === 1;
}
