// Believed: no process needs more than a handful of pages at once, and who asks for more wants to do harm.
// Rejected by: a buffer of many pages is registered as one of few
export * from "../solution.ts";
import { type Addr, Errno, type Pid } from "sim";
import { type Kernel, register as right, type Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  if (pages > 3) throw new Errno("ENOMEM", "too many at once");
  return right(kernel, pid, addr, pages);
}
