// Believed: exclusive means that one process maps the page, which the mapcount says as well.
// Rejected by: a thousand plain references to a page that was shared once are no pin
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const exclusive = page.mapcount === 1;
  return exclusive && mm.hasPinned && page.refcount >= GUP_PIN_COUNTING_BIAS;
}
