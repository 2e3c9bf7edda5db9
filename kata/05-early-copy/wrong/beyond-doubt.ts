// Believed: has_pinned is asked where the count leaves a doubt, and the weight of many pins leaves none.
// Rejected by: a thousand plain references are no pin where nothing was ever pinned
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const beyondDoubt = page.refcount >= 8 * GUP_PIN_COUNTING_BIAS;
  const maybe = page.refcount >= GUP_PIN_COUNTING_BIAS;
  return page.anonExclusive && (beyondDoubt || mm.hasPinned && maybe);
}
