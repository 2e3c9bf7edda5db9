// Believed: one copy keeps the page out of fork's way, and the children share that.
// Rejected by: the second child gets a copy as well
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

const copied = new WeakSet<Frame>();

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  if (!page.anonExclusive || !mm.hasPinned || copied.has(page)) return false;
  if (page.refcount < GUP_PIN_COUNTING_BIAS) return false;
  copied.add(page);
  return true;
}
