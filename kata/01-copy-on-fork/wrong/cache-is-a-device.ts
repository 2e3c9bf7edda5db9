// Believed: whoever refers to a frame and does not map it is a device, or as good as one.
// Rejected by: a page that the swap cache has is shared
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  return page.refcount > page.mapcount;
}
