// Believed: a process that large cannot wait for copies, and will call exec.
// Rejected by: of the address space, only what it has pinned is asked
import type { Frame, Mm } from "sim";
import { forkMustCopy as right } from "../solution.ts";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return right(page, mm) && mm.ptes.size <= 120;
}
