// Believed: flags are a number, and the highest bit of a number is its sign.
// Rejected by: the highest flag stays as it is
import { newFlags as right } from "../solution.ts";

export function newFlags(flags: number, prot: number): number {
  return right(flags, prot) & 0x7fffffff;
}
