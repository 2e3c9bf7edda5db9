// Believed: a driver charges what it pins, so an address space without a charge has no pins.
// Rejected by: a pinned page is copied for the child
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return mm.pinnedVm > 0 && page.refcount >= GUP_PIN_COUNTING_BIAS;
}
