// Believed: what many map is a library's, and no device's buffer.
// Rejected by: what else is known of a frame is not asked
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const pinned = page.anonExclusive && mm.hasPinned && page.refcount >= GUP_PIN_COUNTING_BIAS;
  return pinned && page.mapcount < 10;
}
