// Believed: whom a mapping may join is said by the list that was given.
// Rejected by: a joined mapping is compared as it has become
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
  for (const [i, vma] of vmas.entries()) {
    const last = done.at(-1), neighbour = vmas[i - 1];
    if (last && neighbour && may(neighbour, vma)) {
      done[done.length - 1] = { ...last, end: vma.end, anonVma: last.anonVma || vma.anonVma };
    } else done.push(vma);
  }
  return done;
}
