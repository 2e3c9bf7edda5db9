// Believed: a leak is a leak, whoever writes and whoever reads.
// Rejected by: a kernel that leaks only what a child writes is acquitted
export * from "../solution.ts";
import { A, type Kernel, leaks as leaksToChildren } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  const kernel = boot();
  kernel.mmap(1, A);
  kernel.store(1, A, "old");
  const child = kernel.fork(1);
  kernel.vmsplice(1, A);
  kernel.munmap(1, A);
  kernel.store(child, A, "secret");
  return kernel.pipeRead() === "secret" || leaksToChildren(boot);
}
