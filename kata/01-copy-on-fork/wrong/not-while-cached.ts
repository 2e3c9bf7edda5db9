// Believed: a page that the swap cache has was swapped out, so that no device can be using it.
// Rejected by: a page that the swap cache has is copied if a device refers to it, too
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  return page.swap === 0 && page.refcount > page.mapcount;
}
