// Believed: a length is a number of pages, which a shift tells.
// Rejected by: a mapping of three gigabytes and more
export * from "../solution.ts";
import type { Addr } from "sim";
import { advise as right, type Advised, type Change, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  let missing = (end - start) >> 12;
  for (const vma of vmas) {
    const from = Math.max(vma.start, start), to = Math.min(vma.end, end);
    if (from < to) missing -= (to - from) >> 12;
  }
  return { ...right(vmas, start, end, change), answer: missing === 0 ? 0 : "ENOMEM" };
}
