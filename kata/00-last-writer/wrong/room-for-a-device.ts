// Believed: a frame has one reference for its process and one for its device, so up to two are in order.
// Rejected by: of two processes, the one that writes first gets a copy
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  const process = 1, device = 1;
  return page.refcount <= process + device;
}
