// Believed: madvise splits, and a few mappings more do no harm: the released 2.6.12.
// Rejected by: what becomes like the mapping before it is joined to it
import type { Addr } from "sim";

interface Mapping {
  readonly start: Addr;
  readonly end: Addr;
  readonly flags: number;
  readonly anonVma: number;
}

interface Advised {
  readonly vmas: readonly Mapping[];
  readonly answer: 0 | "ENOMEM";
}

export function advise(
  vmas: readonly Mapping[],
  start: Addr,
  end: Addr,
  change: (flags: number) => number,
): Advised {
  const cut: Mapping[] = [];
  let answer: Advised["answer"] = 0;
  let seen = start;
  for (const vma of vmas) {
    const from = Math.max(vma.start, start), to = Math.min(vma.end, end);
    if (from >= to) {
      cut.push(vma);
      continue;
    }
    if (seen < from) answer = "ENOMEM";
    seen = to;
    const flags = change(vma.flags);
    if (flags === vma.flags) {
      cut.push(vma);
      continue;
    }
    const parts = [
      { ...vma, end: from },
      { ...vma, start: from, end: to, flags },
      { ...vma, start: to },
    ];
    cut.push(...parts.filter((part) => part.start < part.end));
  }
  if (seen < end) answer = "ENOMEM";
  return { vmas: cut, answer };
}
