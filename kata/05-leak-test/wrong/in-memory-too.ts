// Believed: a secret is out wherever a child reads it, in its memory as in a pipe.
// Rejected by: a kernel that shows a child its parent's writes, but no pipe, is acquitted
export * from "../solution.ts";
import { A, type Kernel, leaks as leaksByPipe } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  const kernel = boot();
  kernel.mmap(1, A);
  kernel.store(1, A, "old");
  const child = kernel.fork(1);
  kernel.store(1, A, "secret");
  return kernel.string(child, A) === "secret" || leaksByPipe(boot);
}
