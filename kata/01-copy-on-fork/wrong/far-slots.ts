// Believed: what the swap cache has of the far end of the swap area is only read ahead.
// Rejected by: what else is known of a frame is not asked
import type { Frame, Mm } from "sim";
import { forkMustCopy as right } from "../solution.ts";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return right(page, mm) && page.swap < 2 ** 24;
}
