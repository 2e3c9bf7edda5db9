// Believed: a page table says where memory is, and nobody moves it without telling.
// Rejected by: a frame that the device has is still there when the process has unmapped it
export * from "../solution.ts";
import type { Addr, Pid } from "sim";
import type { Kernel, Registered } from "../solution.ts";

export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const mm = kernel.mm(pid);
  kernel.charge(mm, pages);
  return { mm, pfns: kernel.follow_pages(pid, addr, pages) };
}
