// Believed: with the mark to protect the pins, the old rule is safe again for what has none.
// Rejected by: anon_exclusive: a pipe that a child filled forces a copy
export * from "../solution.ts";
import type { Frame } from "sim";

export function byExclusive(page: Frame, swapCount: number): boolean {
  return page.anonExclusive || page.mapcount + swapCount === 1;
}
