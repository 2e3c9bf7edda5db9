import type { Addr } from "sim";

/** A mapping of `start-end`, half-open. */
interface Mapping {
  readonly start: Addr;
  readonly end: Addr;
  /** `VM_READ` and so on. */
  readonly flags: number;
  /** Who its frames belong to; 0 while it has none. */
  readonly anonVma: number;
}

/** The mappings after a call of madvise, and what it answers. */
interface Advised {
  readonly vmas: readonly Mapping[];
  readonly answer: 0 | "ENOMEM";
}

/**
 * Changes the flags of what is mapped in `start-end`: cuts at both ends, and
 * joins what is alike again.
 *
 * @param vmas ordered by address, not overlapping
 * @param change the new flags for the old; to change them twice is to change
 * them once
 */
export function advise(
  vmas: readonly Mapping[],
  start: Addr,
  end: Addr,
  change: (flags: number) => number,
): Advised {
  const cut: Mapping[] = [];
  const touched = new Set<Addr>();
  let answer: Advised["answer"] = 0;
  let seen = start; // the range is mapped up to here, or the hole is noted
  for (const vma of vmas) {
    const from = Math.max(vma.start, start), to = Math.min(vma.end, end);
    if (from >= to) {
      cut.push(vma);
      continue;
    }
    // A hole is no reason to stop: madvise changes what it can, and complains
    // at the end.
    if (seen < from) answer = "ENOMEM";
    seen = to;
    const flags = change(vma.flags);
    if (flags === vma.flags) {
      cut.push(vma); // the same as before: not even a cut
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
  return { vmas: joined(cut, touched), answer };
}

/**
 * Joins what is alike, but only where the call has been: nobody asked it to
 * tidy up the rest.
 *
 * It goes from left to right. That decides between neighbours with different
 * anon_vma on both sides of a mapping that has none: the left one gets it, and
 * the right one then finds a mapping that is taken.
 */
function joined(vmas: readonly Mapping[], touched: ReadonlySet<Addr>): Mapping[] {
  const done: Mapping[] = [];
  for (const vma of vmas) {
    const last = done.at(-1);
    if (last && touched.has(vma.start) && alike(last, vma)) {
      // Where one has no frames yet, the other's anon_vma must survive: its
      // frames are found through it.
      done[done.length - 1] = { ...last, end: vma.end, anonVma: last.anonVma || vma.anonVma };
    } else done.push(vma);
  }
  return done;
}

function alike(left: Mapping, right: Mapping): boolean {
  if (left.end !== right.start || left.flags !== right.flags) return false;
  return !left.anonVma || !right.anonVma || left.anonVma === right.anonVma;
}
