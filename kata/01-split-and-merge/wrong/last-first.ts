// Believed: a list has what it has, in whatever order.
// Rejected by: the mapping that begins where the range ends is left alone
export * from "../solution.ts";
import type { Addr } from "sim";
import { advise as right, type Advised, type Change, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const { vmas: list, answer } = right(vmas, start, end, change);
  return { vmas: [...list].reverse(), answer };
}
