// Believed: only the process that registered memory has a device to lose, and it is the first one; its children have none.
// Rejected by: two pages, in every short order of forks, stores and references
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const first = 1, cached = page.swap ? 1 : 0;
  return mm.id === first && page.refcount > page.mapcount + cached;
}
