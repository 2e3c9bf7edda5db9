// Believed: to unshare page by page is slow, and a large buffer is never shared with a child anyway.
// Rejected by: a buffer of many pages is registered as one of few
export * from "../solution.ts";
import type { Addr, Pid } from "sim";
import { type Kernel, register as right, type Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const quick: Kernel = {
    ...kernel,
    get_user_pages: (pid, addr, pages, gup_flags) =>
      kernel.get_user_pages(pid, addr, pages, pages > 3 ? 0 : gup_flags),
  };
  return right(quick, pid, addr, pages);
}
