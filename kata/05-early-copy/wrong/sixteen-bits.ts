// Believed: a small field is enough for a count, as the mapcount of a slot in the swap area shows.
// Rejected by: any number of pins and plain references
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const maybe = (page.refcount & 0xffff) >= GUP_PIN_COUNTING_BIAS;
  return page.anonExclusive && mm.hasPinned && maybe;
}
