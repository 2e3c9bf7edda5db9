// Believed: the joined mapping is the first one, made longer.
// Rejected by: the joined mapping has the anon_vma of the part that had one
export * from "../solution.ts";
import type { Addr } from "sim";
import { type Advised, alike, type Change, cut, isMapped, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const touched = new Set<Addr>();
  const parts = vmas.flatMap((vma) => cut(vma, start, end, change, touched));
  const may = (left: Mapping, right: Mapping) => touched.has(right.start) && alike(left, right);
  return { vmas: joined(parts, may), answer: isMapped(vmas, start, end) ? 0 : "ENOMEM" };
}

function joined(
  vmas: readonly Mapping[],
  may: (left: Mapping, right: Mapping) => boolean,
): Mapping[] {
  const done: Mapping[] = [];
  for (const vma of vmas) {
    const last = done.at(-1);
    if (last && may(last, vma)) done[done.length - 1] = { ...last, end: vma.end };
    else done.push(vma);
  }
  return done;
}
