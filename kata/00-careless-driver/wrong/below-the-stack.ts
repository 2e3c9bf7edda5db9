// Believed: what lies high is the stack, which is there as long as its process, and needs no reference.
// Rejected by: a buffer may be at any address
export * from "../solution.ts";
import type { Addr, Pid } from "sim";
import { type Kernel, register as right, type Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  if (addr < 0x7f00_0000_0000) return right(kernel, pid, addr, pages);
  return { mm: kernel.mm(pid), pfns: [] };
}
