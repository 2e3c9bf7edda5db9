// Believed: a reference is a reference, and flags are for those who want something special.
// Rejected by: a child that shares the page does not read what the device writes
export * from "../solution.ts";
import { type Addr, Errno, type Pid } from "sim";
import { giveBack, type Kernel, type Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const mm = kernel.mm(pid);
  if (pages > kernel.left(mm)) throw new Errno("ENOMEM", "too many");
  const pfns = kernel.get_user_pages(pid, addr, pages, 0);
  kernel.charge(mm, pfns.length);
  if (pfns.length === pages) return { mm, pfns };
  giveBack(kernel, { mm, pfns });
  throw new Errno("EFAULT", "not all of it is mapped");
}
