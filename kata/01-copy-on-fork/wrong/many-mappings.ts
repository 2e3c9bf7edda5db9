// Believed: a process with so many mappings has no device among them.
// Rejected by: what is known of the address space is not asked
import type { Frame, Mm } from "sim";
import { forkMustCopy as right } from "../solution.ts";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return right(page, mm) && mm.vmas.length < 100;
}
