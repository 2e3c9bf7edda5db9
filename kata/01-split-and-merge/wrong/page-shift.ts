// Believed: a page number is an address shifted by PAGE_SHIFT, and pages are easier to count with.
// Rejected by: a mapping of three gigabytes and more
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
  const PAGE_SHIFT = 12;
  const from = Math.max(vma.start >> PAGE_SHIFT, start >> PAGE_SHIFT) << PAGE_SHIFT;
  const to = Math.min(vma.end >> PAGE_SHIFT, end >> PAGE_SHIFT) << PAGE_SHIFT;
  if (from >= to) return [vma];
  const flags = change(vma.flags);
  if (flags === vma.flags) return [vma];
  touched.add(from).add(to);
  const parts = [
    { ...vma, end: from },
    { ...vma, start: from, end: to, flags },
    { ...vma, start: to },
  ];
  return parts.filter((part) => part.start < part.end);
}
