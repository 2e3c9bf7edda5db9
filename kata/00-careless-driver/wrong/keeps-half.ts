// Believed: who is refused has got nothing, so there is nothing to give back.
// Rejected by: of a buffer that was refused nothing is left
export * from "../solution.ts";
import { type Addr, Errno, FOLL_WRITE, type Pid } from "sim";
import type { Kernel, Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const mm = kernel.mm(pid);
  if (pages > kernel.left(mm)) throw new Errno("ENOMEM", "too many");
  const pfns = kernel.get_user_pages(pid, addr, pages, FOLL_WRITE);
  if (pfns.length < pages) throw new Errno("EFAULT", "not all of it is mapped");
  kernel.charge(mm, pages);
  return { mm, pfns };
}
