// Believed: the count tells pins from references, so the process need not be asked.
// Rejected by: a thousand plain references are no pin where nothing was ever pinned
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  return page.anonExclusive && page.refcount >= GUP_PIN_COUNTING_BIAS;
}
