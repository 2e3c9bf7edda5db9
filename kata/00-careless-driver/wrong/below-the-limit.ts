// Believed: a limit is what must not be reached.
// Rejected by: a process may have as much as its limit
export * from "../solution.ts";
import { type Addr, Errno, type Pid } from "sim";
import { type Kernel, register as right, type Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  if (pages >= kernel.left(kernel.mm(pid))) throw new Errno("ENOMEM", "too many");
  return right(kernel, pid, addr, pages);
}
