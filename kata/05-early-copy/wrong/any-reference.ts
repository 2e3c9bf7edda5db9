// Believed: whoever refers to a page from outside the page tables will be parted from it.
// Rejected by: a page in a pipe is shared
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  return page.refcount > page.mapcount;
}
