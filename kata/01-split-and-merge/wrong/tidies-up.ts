// Believed: while the list is walked, everything that is alike can be joined.
// Rejected by: neighbours that the call has not touched stay two
export * from "../solution.ts";
import type { Addr } from "sim";
import {
  type Advised,
  alike,
  type Change,
  cut,
  isMapped,
  joined,
  type Mapping,
} from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const parts = vmas.flatMap((vma) => cut(vma, start, end, change, new Set()));
  return { vmas: joined(parts, alike), answer: isMapped(vmas, start, end) ? 0 : "ENOMEM" };
}
