// Believed: a reference is a reference, whenever it was taken: the parent's pipe must not show the child's writes.
// Rejected by: the kernel 5.8 is acquitted
export * from "../solution.ts";
import { A, type Kernel, leaks as leaksAfterTheFork } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  const k = boot();
  k.mmap(1, A);
  k.store(1, A, "old");
  k.vmsplice(1, A);
  const child = k.fork(1);
  k.munmap(1, A);
  k.store(child, A, "secret");
  if (k.pipeRead() === "secret") return true;
  return leaksAfterTheFork(boot);
}
