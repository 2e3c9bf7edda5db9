// Believed: a note on a mapping harms nobody.
// Rejected by: a mapping that the range covers is changed
export * from "../solution.ts";
import type { Addr } from "sim";
import { advise as right, type Advised, type Change, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const advised = right(vmas, start, end, change);
  for (const vma of vmas) Object.assign(vma, { seen: true });
  return advised;
}
