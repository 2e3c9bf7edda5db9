// Believed: what is pinned is a buffer of a page or two, in a mapping of its own.
// Rejected by: of the address space, only what it has pinned is asked
import type { Frame, Mm } from "sim";
import { forkMustCopy as right } from "../solution.ts";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return right(page, mm) && mm.vmas.every(({ start, end }) => end - start <= 8192);
}
