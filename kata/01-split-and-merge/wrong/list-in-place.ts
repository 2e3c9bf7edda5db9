// Believed: the list of mappings is the kernel's, and it is changed where it is.
// Rejected by: a mapping that the range covers is changed
export * from "../solution.ts";
import type { Addr } from "sim";
import { advise as inANewList, type Advised, type Change, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const { vmas: changed, answer } = inANewList(vmas, start, end, change);
  const list = vmas as Mapping[];
  list.splice(0, list.length, ...changed);
  return { vmas: list, answer };
}
