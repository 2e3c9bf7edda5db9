// Believed: a process with so small a heap has hardly begun, and has no device yet.
// Rejected by: of the address space, only what it has pinned is asked
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const pinned = page.anonExclusive && mm.hasPinned && page.refcount >= GUP_PIN_COUNTING_BIAS;
  return pinned && mm.brk !== 3;
}
