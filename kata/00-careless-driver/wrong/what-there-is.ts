// Believed: what is mapped is registered, and the rest the process will notice.
// Rejected by: a buffer that is not all mapped is refused
export * from "../solution.ts";
import { type Addr, Errno, FOLL_WRITE, type Pid } from "sim";
import type { Kernel, Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const mm = kernel.mm(pid);
  if (pages > kernel.left(mm)) throw new Errno("ENOMEM", "too many");
  const pfns = kernel.get_user_pages(pid, addr, pages, FOLL_WRITE);
  kernel.charge(mm, pfns.length);
  return { mm, pfns };
}
