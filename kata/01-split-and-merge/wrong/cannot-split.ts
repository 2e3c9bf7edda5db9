// Believed: madvise cannot split a mapping (M. Tsirkin, 26 July 2005), so that the whole of it must take the advice.
// Rejected by: a range in the middle of a mapping is cut out of it
export * from "../solution.ts";
import type { Addr } from "sim";
import { type Advised, type Change, isMapped, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const changed = vmas.map((vma) =>
    vma.end <= start || end <= vma.start ? vma : { ...vma, flags: change(vma.flags) }
  );
  return { vmas: changed, answer: isMapped(vmas, start, end) ? 0 : "ENOMEM" };
}
