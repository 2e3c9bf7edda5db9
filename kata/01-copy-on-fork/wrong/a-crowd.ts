// Believed: a frame that three processes map is nobody's buffer any more, so that no device is harmed.
// Rejected by: a frame that three processes share is copied for the next, once a device refers to it
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  const crowd = 3;
  return page.mapcount < crowd && page.refcount > page.mapcount;
}
