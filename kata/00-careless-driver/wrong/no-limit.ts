// Believed: memory that is charged is accounted for, and somebody else will look at the sum.
// Rejected by: a process that asks for more than it may have is refused
export * from "../solution.ts";
import { type Addr, Errno, FOLL_WRITE, type Pid } from "sim";
import { giveBack, type Kernel, type Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const mm = kernel.mm(pid), pfns = kernel.get_user_pages(pid, addr, pages, FOLL_WRITE);
  kernel.charge(mm, pfns.length);
  if (pfns.length === pages) return { mm, pfns };
  giveBack(kernel, { mm, pfns });
  throw new Errno("EFAULT", "not all of it is mapped");
}
