// Believed: a device has a few descriptors, so that the first pages are what it works on.
// Rejected by: a buffer of many pages is registered as one of few
export * from "../solution.ts";
import type { Addr, Pid } from "sim";
import { type Kernel, register as right, type Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const few: Kernel = {
    ...kernel,
    get_user_pages(pid, addr, pages, gup_flags) {
      const pfns = kernel.get_user_pages(pid, addr, pages, gup_flags);
      if (pfns.length === pages) { for (const pfn of pfns.slice(8)) kernel.put_page(pfn); }
      return pfns;
    },
  };
  return right(few, pid, addr, pages);
}
