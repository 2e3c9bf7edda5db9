// Believed: 5.9 cannot have meant to part a process from its own pin, so a frame with one pin is kept.
// Rejected by: page_count: the process's own pin forces a copy, too
export * from "../solution.ts";
import { type Frame, GUP_PIN_COUNTING_BIAS } from "sim";

export function byPageCount(page: Frame, _swapCount: number): boolean {
  const pinned = page.refcount === 1 + GUP_PIN_COUNTING_BIAS;
  return page.refcount === 1 || page.mapcount === 1 && pinned;
}
