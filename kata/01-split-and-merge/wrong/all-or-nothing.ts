// Believed: a call that fails changes nothing.
// Rejected by: what is mapped before a hole is changed
export * from "../solution.ts";
import type { Addr } from "sim";
import {
  advise as changesWhatItCan,
  type Advised,
  type Change,
  type Mapping,
} from "../solution.ts";

export function advise(vmas: readonly Mapping[], start: Addr, end: Addr, change: Change): Advised {
  const { vmas: changed, answer } = changesWhatItCan(vmas, start, end, change);
  return { vmas: answer ? [...vmas] : changed, answer };
}
