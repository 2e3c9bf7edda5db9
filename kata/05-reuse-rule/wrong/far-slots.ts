// Believed: a page so far out in the swap area was there before this process, and is not its own.
// Rejected by: any page that the swap cache has
export * from "../solution.ts";
import type { Frame } from "sim";
import { byMapcount as right } from "../solution.ts";

export function byMapcount(page: Frame, swapCount: number): boolean {
  return right(page, swapCount) && page.swap <= 2 ** 24;
}
