// Believed: a device's process is small: one with many mappings is something else.
// Rejected by: of the address space, only what it has pinned is asked
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const pinned = page.anonExclusive && mm.hasPinned && page.refcount >= GUP_PIN_COUNTING_BIAS;
  return pinned && mm.vmas.length < 10;
}
