// Believed: an entry that reclaim has emptied still counts, so that it is one reference to spare.
// Rejected by: what is known of the address space is not asked
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const cached = page.swap ? 1 : 0;
  return page.refcount > page.mapcount + cached + mm.cleared.size;
}
