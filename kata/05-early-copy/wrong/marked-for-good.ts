// Believed: has_pinned is never cleared, so what a page once was it stays.
// Rejected by: a page that is no longer pinned is shared
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

const pinned = new WeakSet<Frame>();

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  if (mm.hasPinned && page.refcount >= GUP_PIN_COUNTING_BIAS) pinned.add(page);
  return page.anonExclusive && pinned.has(page);
}
