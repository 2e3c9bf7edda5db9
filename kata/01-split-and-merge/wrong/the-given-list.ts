// Believed: where nothing changes, the old list is as good as a new one.
// Rejected by: a call that changes nothing leaves every border
export * from "../solution.ts";
import type { Addr } from "sim";
import { advise as right, type Advised, type Change, type Mapping } from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const { vmas: list, answer } = right(vmas, start, end, change);
  const changed = list.length !== vmas.length || list.some((vma, i) => vma !== vmas[i]);
  return { vmas: changed ? list : vmas, answer };
}
