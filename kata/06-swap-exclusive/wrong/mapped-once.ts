// Believed: a page that one process maps when it goes is that process's own.
// Rejected by: a page that a child has put into a pipe goes out as what it is
export * from "../solution.ts";
import type { Frame } from "sim";

export function swapOutIsExclusive(page: Frame): boolean {
  return page.mapcount === 1;
}
