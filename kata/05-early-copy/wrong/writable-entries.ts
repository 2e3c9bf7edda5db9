// Believed: a device writes only where its process may write, so a read-only entry has no pin to lose.
// Rejected by: a pinned page that may only be read is copied
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const entries = [...mm.ptes.values()].filter((pte) => pte.pfn === page.pfn);
  const locked = entries.length > 0 && entries.every((pte) => !pte.writable);
  const maybe = page.refcount >= GUP_PIN_COUNTING_BIAS;
  return !locked && page.anonExclusive && mm.hasPinned && maybe;
}
