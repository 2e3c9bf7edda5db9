// Believed: first see what there is, then what may be had.
// Rejected by: what is above the limit is refused before any page is looked at
export * from "../solution.ts";
import { type Addr, Errno, FOLL_WRITE, type Pid } from "sim";
import type { Kernel, Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const mm = kernel.mm(pid), pfns = kernel.get_user_pages(pid, addr, pages, FOLL_WRITE);
  const refuse = (code: "EFAULT" | "ENOMEM") => {
    for (const pfn of pfns) kernel.put_page(pfn);
    throw new Errno(code, "not all of it may be had");
  };
  if (pfns.length < pages) refuse("EFAULT");
  if (pages > kernel.left(mm)) refuse("ENOMEM");
  kernel.charge(mm, pages);
  return { mm, pfns };
}
