import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

/**
 * Must fork copy this private frame for the child at once? If not, parent and
 * child share it until one of them writes.
 *
 * @param mm the address space of the process that forks
 */
export function forkMustCopy(page: Frame, mm: Mm): boolean {
  // Somebody shares the page already. Then it cannot be pinned: a pin makes a
  // page exclusive first, and nothing takes the mark from it as long as it is
  // pinned. Whatever refers to it was promised nothing.
  if (!page.anonExclusive) return false;
  // No pin was ever taken through this address space, and a page that is mapped
  // here alone cannot have been pinned through another. So that the many who
  // never pin are spared the guess below.
  if (!mm.hasPinned) return false;
  // Pins and plain references are in one number. So many plain references look
  // like a pin, and the page is copied for nothing, which does no harm. But each
  // pin weighs that much whatever else is added, so that none is ever missed.
  return page.refcount >= GUP_PIN_COUNTING_BIAS;
}
