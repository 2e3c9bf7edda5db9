// Believed: a process registers what it has written to.
// Rejected by: a page that nobody has touched is registered with the rest
export * from "../solution.ts";
import { type Addr, FOLL_WRITE, PAGE_SIZE, type Pid } from "sim";
import type { Kernel, Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const mm = kernel.mm(pid), pfns: number[] = [];
  for (let i = 0; i < pages; i++) {
    const at = addr + i * PAGE_SIZE;
    if (kernel.follow_pages(pid, at, 1).length === 0) break;
    pfns.push(...kernel.get_user_pages(pid, at, 1, FOLL_WRITE));
  }
  kernel.charge(mm, pfns.length);
  return { mm, pfns };
}
