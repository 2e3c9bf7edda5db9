// Believed: the upper byte of a count is for flags.
// Rejected by: any number of references
export * from "../solution.ts";
import type { Frame } from "sim";

export function byPageCount(page: Frame, _swapCount: number): boolean {
  return (page.refcount & 0xffffff) === 1;
}
