// Believed: the highest bit of a number is its sign, and no flag.
// Rejected by: mappings that differ in the highest flag are not joined
export * from "../solution.ts";
import type { Addr } from "sim";
import { type Advised, type Change, cut, isMapped, joined, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const touched = new Set<Addr>();
  const parts = vmas.flatMap((vma) => cut(vma, start, end, change, touched));
  const may = (left: Mapping, right: Mapping) => touched.has(right.start) && alike(left, right);
  return { vmas: joined(parts, may), answer: isMapped(vmas, start, end) ? 0 : "ENOMEM" };
}

function alike(left: Mapping, right: Mapping): boolean {
  if (left.end !== right.start || ((left.flags ^ right.flags) & 0x7fffffff) !== 0) return false;
  return !left.anonVma || !right.anonVma || left.anonVma === right.anonVma;
}
