// Believed: a call that fails changes nothing.
// Rejected by: what is mapped before a hole is changed
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
  const touched = new Set<Addr>();
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
    touched.add(from).add(to);
    const parts = [
      { ...vma, end: from },
      { ...vma, start: from, end: to, flags },
      { ...vma, start: to },
    ];
    cut.push(...parts.filter((part) => part.start < part.end));
  }
  if (seen < end) answer = "ENOMEM";
  return { vmas: answer ? vmas : joined(cut, touched), answer };
}
function joined(vmas: readonly Mapping[], touched: ReadonlySet<Addr>): Mapping[] {
  const done: Mapping[] = [];
  for (const vma of vmas) {
    const last = done.at(-1);
    if (last && touched.has(vma.start) && alike(last, vma)) {
      done[done.length - 1] = { ...last, end: vma.end, anonVma: last.anonVma || vma.anonVma };
    } else done.push(vma);
  }
  return done;
}

function alike(left: Mapping, right: Mapping): boolean {
  if (left.end !== right.start || left.flags !== right.flags) return false;
  return !left.anonVma || !right.anonVma || left.anonVma === right.anonVma;
}
