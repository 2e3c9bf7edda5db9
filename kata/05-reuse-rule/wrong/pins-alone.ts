// Believed: what must not be kept is a frame that a device may hold, and a device pins.
// Rejected by: page_count: a pipe that a child filled forces a copy
export * from "../solution.ts";
import { type Frame, GUP_PIN_COUNTING_BIAS } from "sim";

export function byPageCount(page: Frame, _swapCount: number): boolean {
  return page.mapcount === 1 && page.refcount < GUP_PIN_COUNTING_BIAS;
}
