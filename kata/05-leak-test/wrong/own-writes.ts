// Believed: what is in a pipe was given away, so that no later write may show in it, not even one's own.
// Rejected by: the kernels from 5.19 are acquitted
export * from "../solution.ts";
import { A, type Kernel, leaks as leaksToRelatives } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  const alone = boot();
  alone.mmap(1, A);
  alone.store(1, A, "old");
  alone.vmsplice(1, A);
  alone.store(1, A, "new");
  if (alone.pipeRead() === "new") return true;
  return leaksToRelatives(boot);
}
