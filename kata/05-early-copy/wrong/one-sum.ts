// Believed: a pinned page has its mapping and its pin, which makes 1025.
// Rejected by: a page that is pinned and in a pipe is copied
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return mm.hasPinned && page.refcount === page.mapcount + GUP_PIN_COUNTING_BIAS;
}
