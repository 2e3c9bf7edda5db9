// Believed: a process that has ever pinned anything is copied as a whole.
// Rejected by: what is known of the address space is not asked
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const cached = page.swap ? 1 : 0;
  return mm.hasPinned || page.refcount > page.mapcount + cached;
}
