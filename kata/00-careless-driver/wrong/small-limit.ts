// Believed: a limit is against many small buffers; a large one was asked for on purpose.
// Rejected by: a buffer of many pages is registered as one of few
export * from "../solution.ts";
import type { Addr, Pid } from "sim";
import { type Kernel, register as right, type Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const generous: Kernel = { ...kernel, left: (mm) => pages < 9 ? kernel.left(mm) : pages };
  return right(generous, pid, addr, pages);
}
