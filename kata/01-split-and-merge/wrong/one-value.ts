// Believed: a range gets one set of flags, as with mprotect: they are worked out at its first mapping.
// Rejected by: each mapping in a range gets the flags that are told for its own
export * from "../solution.ts";
import type { Addr } from "sim";
import { advise as eachItsOwn, type Advised, type Change, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  let told: number | undefined;
  return eachItsOwn(vmas, start, end, (flags) => told ??= change(flags));
}
