// Believed: a page is registered with one device, so there is one reference more than there are mappings.
// Rejected by: several devices refer to a frame
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  const device = 1;
  return page.refcount === page.mapcount + device;
}
