// Believed: GUP_PIN_COUNTING_BIAS is 1 << 10, a bit of the count, and a bit is tested with &.
// Rejected by: a page with a pin and a thousand plain references is copied
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return mm.hasPinned && (page.refcount & GUP_PIN_COUNTING_BIAS) !== 0;
}
