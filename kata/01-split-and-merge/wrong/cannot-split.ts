// Believed: madvise cannot split a mapping (M. Tsirkin, 26 July 2005), so that the whole of it must take the advice.
// Rejected by: a range in the middle of a mapping is cut out of it
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
  let answer: Advised["answer"] = 0;
  let seen = start;
  const changed = vmas.map((vma) => {
    if (vma.end <= start || end <= vma.start) return vma;
    if (seen < vma.start) answer = "ENOMEM";
    seen = vma.end;
    return { ...vma, flags: change(vma.flags) };
  });
  return { vmas: changed, answer: seen < end ? "ENOMEM" : answer };
}
