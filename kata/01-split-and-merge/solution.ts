import type { Addr } from "sim";

/** A mapping of `start-end`, half-open. */
export interface Mapping {
  readonly start: Addr;
  readonly end: Addr;
  /** `VM_READ` and so on. */
  readonly flags: number;
  /** Who its frames belong to; 0 while it has none. */
  readonly anonVma: number;
}

/** The mappings after a call of madvise, and what it answers. */
export interface Advised {
  readonly vmas: readonly Mapping[];
  readonly answer: 0 | "ENOMEM";
}

/** The new flags for the old; to change them twice is to change them once. */
export type Change = (flags: number) => number;

/**
 * Changes the flags of what is mapped in `start-end`: cuts at both ends, and
 * joins what is alike again.
 *
 * @param vmas ordered by address, not overlapping
 */
export function advise(
  vmas: readonly Mapping[],
  start: Addr,
  end: Addr,
  change: Change,
): Advised {
  // Joined is what is alike, but only where the call has been: nobody asked it
  // to tidy up the rest.
  const touched = new Set<Addr>();
  const parts = vmas.flatMap((vma) => cut(vma, start, end, change, touched));
  const may = (left: Mapping, right: Mapping) => touched.has(right.start) && alike(left, right);
  // A hole is no reason to stop: madvise changes what it can, and complains at
  // the end.
  return { vmas: joined(parts, may), answer: isMapped(vmas, start, end) ? 0 : "ENOMEM" };
}

/**
 * What a mapping comes to: itself, or up to three parts.
 *
 * @param touched is told the borders of what has changed
 */
export function cut(
  vma: Mapping,
  start: Addr,
  end: Addr,
  change: Change,
  touched: Set<Addr>,
): Mapping[] {
  const from = Math.max(vma.start, start), to = Math.min(vma.end, end);
  if (from >= to) return [vma];
  const flags = change(vma.flags);
  if (flags === vma.flags) return [vma]; // the same as before: not even a cut
  touched.add(from).add(to);
  const parts = [
    { ...vma, end: from },
    { ...vma, start: from, end: to, flags },
    { ...vma, start: to },
  ];
  return parts.filter((part) => part.start < part.end);
}

/**
 * Joins neighbours that may be one.
 *
 * It goes from left to right. That decides between neighbours with different
 * anon_vma on both sides of a mapping that has none: the left one gets it, and
 * the right one then finds a mapping that is taken.
 */
export function joined(
  vmas: readonly Mapping[],
  may: (left: Mapping, right: Mapping) => boolean,
): Mapping[] {
  const done: Mapping[] = [];
  for (const vma of vmas) {
    const last = done.at(-1);
    if (last && may(last, vma)) {
      // Where one has no frames yet, the other's anon_vma must survive: its
      // frames are found through it.
      done[done.length - 1] = { ...last, end: vma.end, anonVma: last.anonVma || vma.anonVma };
    } else done.push(vma);
  }
  return done;
}

export function alike(left: Mapping, right: Mapping): boolean {
  if (left.end !== right.start || left.flags !== right.flags) return false;
  return !left.anonVma || !right.anonVma || left.anonVma === right.anonVma;
}

/** Is all of `start-end` mapped? */
export function isMapped(vmas: readonly Mapping[], start: Addr, end: Addr): boolean {
  let seen = start; // it is mapped up to here
  for (const vma of vmas) {
    if (vma.start <= seen) seen = Math.max(seen, vma.end);
  }
  return seen >= end;
}
