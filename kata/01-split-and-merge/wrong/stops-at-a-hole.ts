// Believed: a hole ends the call, as it does for mprotect.
// Rejected by: what is mapped behind a hole is changed, too
export * from "../solution.ts";
import type { Addr } from "sim";
import { advise as goesOn, type Advised, type Change, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  let hole = start;
  for (const vma of vmas) if (vma.start <= hole) hole = Math.max(hole, vma.end);
  const changed = goesOn(vmas, start, Math.min(hole, end), change);
  return { ...changed, answer: hole < end ? "ENOMEM" : 0 };
}
