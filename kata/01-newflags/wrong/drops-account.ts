// Believed: mprotect decides anew what a mapping is charged for.
// Rejected by: what a mapping is charged for stays as it is
import { newFlags as right } from "../solution.ts";

export function newFlags(flags: number, prot: number): number {
  const VM_ACCOUNT = 0x100000;
  return right(flags, prot) & ~VM_ACCOUNT;
}
