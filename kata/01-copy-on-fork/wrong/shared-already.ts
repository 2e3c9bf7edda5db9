// Believed: a frame that two processes map is shared already, so that a third changes nothing.
// Rejected by: a frame that a child shares already is copied for the next, once a device refers to it
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  return page.mapcount === 1 && page.refcount > 1;
}
