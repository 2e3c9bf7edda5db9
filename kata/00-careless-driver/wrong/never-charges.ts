// Believed: a limit is asked for, and that is enough.
// Rejected by: pages are charged to the process
export * from "../solution.ts";
import { type Addr, Errno, FOLL_WRITE, type Pid } from "sim";
import type { Kernel, Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const mm = kernel.mm(pid);
  if (pages > kernel.left(mm)) throw new Errno("ENOMEM", "too many");
  const pfns = kernel.get_user_pages(pid, addr, pages, FOLL_WRITE);
  if (pfns.length === pages) return { mm, pfns };
  for (const pfn of pfns) kernel.put_page(pfn);
  throw new Errno("EFAULT", "not all of it is mapped");
}
