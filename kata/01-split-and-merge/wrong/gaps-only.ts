// Believed: a hole lies between two mappings.
// Rejected by: a range that reaches past the last mapping answers ENOMEM
export * from "../solution.ts";
import type { Addr } from "sim";
import {
  advise as looksBehindTheLast,
  type Advised,
  type Change,
  isMapped,
  type Mapping,
} from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const last = vmas.findLast((vma) => vma.start < end)?.end ?? start;
  const answer = isMapped(vmas, start, Math.min(last, end)) ? 0 : "ENOMEM";
  return { ...looksBehindTheLast(vmas, start, end, change), answer };
}
