// Believed: a device reaches the low gigabytes only, and pins nothing above.
// Rejected by: what else is known of a frame is not asked
import type { Frame, Mm } from "sim";
import { forkMustCopy as right } from "../solution.ts";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return right(page, mm) && page.pfn <= 2 ** 24;
}
