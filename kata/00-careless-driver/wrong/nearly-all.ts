// Believed: where the first pages of a buffer are mapped, the others are.
// Rejected by: a buffer of many pages is registered as one of few
export * from "../solution.ts";
import { type Addr, Errno, FOLL_WRITE, type Pid } from "sim";
import type { Kernel, Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const mm = kernel.mm(pid);
  if (pages > kernel.left(mm)) throw new Errno("ENOMEM", "too many");
  const pfns = kernel.get_user_pages(pid, addr, pages, FOLL_WRITE);
  if (pfns.length < Math.min(pages, 3)) {
    for (const pfn of pfns) kernel.put_page(pfn);
    throw new Errno("EFAULT", "not all of it is mapped");
  }
  kernel.charge(mm, pfns.length);
  return { mm, pfns };
}
