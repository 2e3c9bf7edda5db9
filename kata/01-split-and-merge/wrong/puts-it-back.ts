// Believed: a list may be worked in, if it is as it was at the end.
// Rejected by: a mapping that the range covers is changed
export * from "../solution.ts";
import type { Addr } from "sim";
import { advise as right, type Advised, type Change, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const list = vmas as Mapping[];
  list.push({ start: Infinity, end: Infinity, flags: 0, anonVma: 0 }); // so that there is always a next one
  const { vmas: changed, answer } = right(list, start, end, change);
  list.pop();
  return { vmas: changed.slice(0, -1), answer };
}
