// Believed: a kernel of 2005 has the flags of 2005, and what lies above them is rubbish.
// Rejected by: flags that this exercise has no name for stay as they are
import { newFlags as right } from "../solution.ts";

export function newFlags(flags: number, prot: number): number {
  return right(flags, prot) & 0x6ffffff;
}
