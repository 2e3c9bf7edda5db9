// Believed: who has copied a page three times has done enough for it.
// Rejected by: the tenth child gets a copy as well
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

let last: Frame | undefined, forks = 0;

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  forks = last === page ? forks + 1 : 0;
  last = page;
  return page.anonExclusive && mm.hasPinned && page.refcount >= GUP_PIN_COUNTING_BIAS && forks < 3;
}
