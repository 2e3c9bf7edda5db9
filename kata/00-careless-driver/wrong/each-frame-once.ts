// Believed: a list of frames has each frame once.
// Rejected by: a frame that is mapped twice is given back twice
export * from "../solution.ts";
import type { Addr, Pid } from "sim";
import { type Kernel, register as right, type Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const { mm, pfns } = right(kernel, pid, addr, pages);
  return { mm, pfns: [...new Set(pfns)] };
}
