// Believed: a page is exclusive when it goes if it has its mapping and the swap cache, and no other reference.
// Rejected by: a pipe that was emptied while its page was out has left no trace
export * from "../solution.ts";
import type { Frame } from "sim";

export function swapOutIsExclusive(page: Frame): boolean {
  const mapping = 1, cache = 1;
  return page.refcount === mapping + cache;
}
