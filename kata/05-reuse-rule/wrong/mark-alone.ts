// Believed: the mark says who owns a page, so it makes all counting unnecessary.
// Rejected by: anon_exclusive: what was shared once is kept by the last
export * from "../solution.ts";
import type { Frame } from "sim";

export function byExclusive(page: Frame, _swapCount: number): boolean {
  return page.anonExclusive;
}
