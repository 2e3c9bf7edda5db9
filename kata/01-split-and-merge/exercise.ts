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
  // TODO: cut, join, and tell of holes. So far every mapping that the range
  // meets is changed as a whole.
  return {
    vmas: vmas.map((vma) =>
      vma.start < end && start < vma.end ? { ...vma, flags: change(vma.flags) } : vma
    ),
    answer: 0,
  };
}
