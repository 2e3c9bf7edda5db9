// Believed: a device's reference is in order, but a page is registered with one device.
// Rejected by: the last process keeps its frame, however many devices refer to it
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  const references = page.refcount - page.mapcount;
  return page.mapcount === 1 && references <= 1;
}
