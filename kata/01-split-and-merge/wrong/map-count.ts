// Believed: a process has a limit of mappings, and madvise has to keep it.
// Rejected by: a list of two thousand mappings
export * from "../solution.ts";
import type { Addr } from "sim";
import { advise as right, type Advised, type Change, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  if (vmas.length > 1000) return { vmas: [...vmas], answer: "ENOMEM" };
  return right(vmas, start, end, change);
}
