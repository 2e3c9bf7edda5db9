// Believed: a process that large will call exec, and a copy is thrown away then.
// Rejected by: what is known of the address space is not asked
import type { Frame, Mm } from "sim";
import { forkMustCopy as right } from "../solution.ts";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return right(page, mm) && mm.ptes.size < 100;
}
