// Believed: what must not be changed is frozen.
// Rejected by: a mapping that the range covers is changed
export * from "../solution.ts";
import type { Addr } from "sim";
import { advise as right, type Advised, type Change, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  return right(Object.freeze(vmas), start, end, change);
}
