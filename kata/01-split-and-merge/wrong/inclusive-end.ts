// Believed: a range from start to end has its end in it.
// Rejected by: the mapping that begins where the range ends is left alone
export * from "../solution.ts";
import type { Addr } from "sim";
import { type Advised, alike, type Change, isMapped, joined, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const touched = new Set<Addr>();
  const parts = vmas.flatMap((vma) => cut(vma, start, end, change, touched));
  const may = (left: Mapping, right: Mapping) => touched.has(right.start) && alike(left, right);
  return { vmas: joined(parts, may), answer: isMapped(vmas, start, end) ? 0 : "ENOMEM" };
}

function cut(
  vma: Mapping,
  start: Addr,
  end: Addr,
  change: Change,
  touched: Set<Addr>,
): Mapping[] {
  if (vma.end <= start || vma.start > end || start === end) return [vma];
  const from = Math.max(vma.start, start), to = Math.min(vma.end, end);
  const flags = change(vma.flags);
  if (flags === vma.flags) return [vma];
  touched.add(from).add(to);
  if (vma.start === end) return [{ ...vma, flags }];
  const parts = [
    { ...vma, end: from },
    { ...vma, start: from, end: to, flags },
    { ...vma, start: to },
  ];
  return parts.filter((part) => part.start < part.end);
}
