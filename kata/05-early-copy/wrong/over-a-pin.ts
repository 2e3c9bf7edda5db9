// Believed: a page that is mapped and pinned has one reference more than the pin's.
// Rejected by: an exclusive page with 1024 references may be pinned
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return page.anonExclusive && mm.hasPinned && page.refcount > GUP_PIN_COUNTING_BIAS;
}
