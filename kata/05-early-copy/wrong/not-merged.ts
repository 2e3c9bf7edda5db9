// Believed: only anonymous memory is pinned, and the rest is nobody's own.
// Rejected by: what else is known of a frame is not asked
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const pinned = page.anonExclusive && mm.hasPinned && page.refcount >= GUP_PIN_COUNTING_BIAS;
  return pinned && page.kind === "anon";
}
