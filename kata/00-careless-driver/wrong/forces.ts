// Believed: the driver is the kernel, and the kernel may write wherever its process has memory.
// Rejected by: a buffer that the process may only read is refused
export * from "../solution.ts";
import { type Addr, FOLL_FORCE, type Pid } from "sim";
import { type Kernel, register as right, type Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const forced: Kernel = {
    ...kernel,
    get_user_pages: (pid, addr, pages, gup_flags) =>
      kernel.get_user_pages(pid, addr, pages, gup_flags | FOLL_FORCE),
  };
  return right(forced, pid, addr, pages);
}
