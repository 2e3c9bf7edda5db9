// Believed: the test that Linux merged in September 2020 must be right, and 1024 references are what a pin looks like.
// Rejected by: a frame that a device refers to is copied for the child
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return mm.hasPinned && page.refcount >= GUP_PIN_COUNTING_BIAS;
}
