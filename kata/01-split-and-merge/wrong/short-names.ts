// Believed: a name of sixteen bits is enough to tell one anon_vma from another.
// Rejected by: mappings whose anon_vma differ in a high bit are not joined
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
  if (left.end !== right.start || left.flags !== right.flags) return false;
  return !left.anonVma || !right.anonVma || ((left.anonVma ^ right.anonVma) & 0xffff) === 0;
}
