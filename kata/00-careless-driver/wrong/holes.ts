// Believed: a buffer is there if its first page and its last one are.
// Rejected by: any processes, any memory, in long orders that a seed throws
export * from "../solution.ts";
import { type Addr, Errno, FOLL_WRITE, PAGE_SIZE, type Pid } from "sim";
import type { Kernel, Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const mm = kernel.mm(pid), end = addr + (pages - 1) * PAGE_SIZE;
  if (pages > kernel.left(mm)) throw new Errno("ENOMEM", "too many");
  const pfns = kernel.get_user_pages(pid, addr, pages, FOLL_WRITE);
  if (pfns.length === pages || pfns.length > 0 && kernel.follow_pages(pid, end, 1).length > 0) {
    kernel.charge(mm, pfns.length);
    return { mm, pfns };
  }
  for (const pfn of pfns) kernel.put_page(pfn);
  throw new Errno("EFAULT", "an end of it is not mapped");
}
