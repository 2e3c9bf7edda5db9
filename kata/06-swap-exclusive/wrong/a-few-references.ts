// Believed: a page has its mapping, the swap cache and a pipe or two; where more refer to it, somebody shares it.
// Rejected by: a page that many pipes hold while it is out is its owner's all the same
export * from "../solution.ts";
import type { Frame } from "sim";

export function swapOutIsExclusive(page: Frame): boolean {
  const few = 8;
  return page.anonExclusive && page.refcount < few;
}
