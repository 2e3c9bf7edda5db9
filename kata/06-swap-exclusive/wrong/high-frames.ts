// Believed: the mark has no room in frames above the low gigabytes.
// Rejected by: any page, any entry, in any order
export * from "../solution.ts";
import type { Frame } from "sim";
import { swapOutIsExclusive as right } from "../solution.ts";

export function swapOutIsExclusive(page: Frame): boolean {
  return right(page) && page.pfn <= 2 ** 24;
}
