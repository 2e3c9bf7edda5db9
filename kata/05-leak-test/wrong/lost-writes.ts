// Believed: the two mistakes belong together: a kernel that parts a pipe from its owner is broken, too.
// Rejected by: kernels that do not leak are acquitted, whatever else is wrong with them
export * from "../solution.ts";
import { MADV_PAGEOUT } from "sim";
import { A, type Kernel, leaks as leaksSecrets } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  const alone = boot();
  alone.mmap(1, A);
  alone.store(1, A, "old");
  alone.vmsplice(1, A);
  alone.madvise(1, A, 1, MADV_PAGEOUT);
  alone.string(1, A);
  alone.store(1, A, "new");
  if (alone.pipeRead() !== "new") return true;
  return leaksSecrets(boot);
}
