// Believed: the test of 5.9 was right, and the mark of 5.19 is for the write fault.
// Rejected by: a thousand plain references to a page that is shared already are no pin
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return mm.hasPinned && page.refcount >= GUP_PIN_COUNTING_BIAS;
}
