// Believed: the process has one reference to its frame, so a second one must be a device's.
// Rejected by: a frame that earlier children share is shared with the next
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  return page.refcount > 1;
}
