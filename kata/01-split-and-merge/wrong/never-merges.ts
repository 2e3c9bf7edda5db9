// Believed: madvise splits, and a few mappings more do no harm: the released 2.6.12.
// Rejected by: what becomes like the mapping before it is joined to it
export * from "../solution.ts";
import type { Addr } from "sim";
import { type Advised, type Change, cut, isMapped, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const parts = vmas.flatMap((vma) => cut(vma, start, end, change, new Set()));
  return { vmas: parts, answer: isMapped(vmas, start, end) ? 0 : "ENOMEM" };
}
