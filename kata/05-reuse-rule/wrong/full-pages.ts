// Believed: a page that is full is being sent, and whoever sends it must not see it change.
// Rejected by: what else is known of a frame is not asked
export * from "../solution.ts";
import type { Frame } from "sim";
import { byMapcount as right } from "../solution.ts";

export function byMapcount(page: Frame, swapCount: number): boolean {
  return right(page, swapCount) && page.bytes.length <= 10;
}
