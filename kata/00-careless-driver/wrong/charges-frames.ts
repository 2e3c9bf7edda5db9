// Believed: memory is frames, so that a frame is charged once, however often it is mapped.
// Rejected by: a frame that is mapped twice is charged twice
export * from "../solution.ts";
import type { Addr, Pid } from "sim";
import {
  type Kernel,
  register as right,
  type Registered,
  release as rightly,
} from "../solution.ts";

const again = ({ pfns }: Registered) => pfns.length - new Set(pfns).size;

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const one = right(kernel, pid, addr, pages);
  kernel.charge(one.mm, -again(one));
  return one;
}

export function release(
  kernel: Kernel,
  registered: readonly Registered[],
  open: boolean,
): Registered[] {
  const stay = rightly(kernel, registered, open);
  for (const one of registered) {
    if (!stay.includes(one) && kernel.lives(one.mm)) kernel.charge(one.mm, again(one));
  }
  return stay;
}
