// Believed: a page that is full has been received, and its device has done with it.
// Rejected by: what else is known of a frame is not asked
import type { Frame, Mm } from "sim";
import { forkMustCopy as right } from "../solution.ts";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return right(page, mm) && page.bytes.length <= 10;
}
