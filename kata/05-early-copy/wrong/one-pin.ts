// Believed: a page is pinned once; what weighs more than a pin and a half is a flood of plain references.
// Rejected by: a page with three pins is copied
import { type Frame, GUP_PIN_COUNTING_BIAS, type Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const most = GUP_PIN_COUNTING_BIAS * 1.5;
  return mm.hasPinned && page.refcount > GUP_PIN_COUNTING_BIAS && page.refcount < most;
}
