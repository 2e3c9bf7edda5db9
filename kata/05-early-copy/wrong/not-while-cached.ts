// Believed: a pinned page never goes out to swap, so what the swap cache has is not pinned.
// Rejected by: a pinned page that is still in the swap cache is copied
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const maybe = page.refcount >= GUP_PIN_COUNTING_BIAS;
  return page.swap === 0 && page.anonExclusive && mm.hasPinned && maybe;
}
