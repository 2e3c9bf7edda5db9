// Believed: pins come in whole units, so a count that is far from one is made of plain references.
// Rejected by: a thousand plain references to an exclusive page may be a pin
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const rest = (page.refcount - page.mapcount) % GUP_PIN_COUNTING_BIAS;
  const far = Math.abs(rest - GUP_PIN_COUNTING_BIAS / 2) < 100;
  const maybe = page.refcount >= GUP_PIN_COUNTING_BIAS && !far;
  return page.anonExclusive && mm.hasPinned && maybe;
}
