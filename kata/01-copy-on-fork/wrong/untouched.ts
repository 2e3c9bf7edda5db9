// Believed: a frame that is still empty has nothing to lose, so that a copy of it can wait.
// Rejected by: a page that nobody has stored to is copied, too
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  return page.bytes.length > 0 && page.refcount > page.mapcount;
}
