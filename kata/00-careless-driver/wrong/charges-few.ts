// Believed: a charge is a token: who has paid for two pages is known to be honest.
// Rejected by: a buffer of many pages is registered as one of few
export * from "../solution.ts";
import type { Addr, Pid } from "sim";
import { type Kernel, register as right, type Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const capped: Kernel = {
    ...kernel,
    charge: (mm, pages) => kernel.charge(mm, Math.min(pages, 2)),
  };
  return right(capped, pid, addr, pages);
}
