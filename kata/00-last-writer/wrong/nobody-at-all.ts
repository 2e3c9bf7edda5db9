// Believed: a frame is mine when nobody else refers to it, so ask the reference count, as Linux 5.9 did.
// Rejected by: the last process keeps its frame when a device refers to it, too
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  return page.refcount === 1;
}
