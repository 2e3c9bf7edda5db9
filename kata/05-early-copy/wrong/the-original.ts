// Believed: a child starts without pins, so only the first process has any.
// Rejected by: two pages and three processes, in every order of four steps
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const first = 1, maybe = page.refcount >= GUP_PIN_COUNTING_BIAS;
  return mm.id === first && page.anonExclusive && mm.hasPinned && maybe;
}
