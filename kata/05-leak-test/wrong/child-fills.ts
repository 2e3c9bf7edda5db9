// Believed: the child's pipe will do: the grandchild only has to be there.
// Rejected by: a kernel that leaks only by a grandchild's pipe is caught
export * from "../solution.ts";
import { MADV_PAGEOUT, type Pid } from "sim";
import { A, B, type Kernel, type Way, WAYS } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  return WAYS.some((way) => leaksOnce(boot(), way));
}

function leaksOnce(kernel: Kernel, { addr, pageout, generations }: Way): boolean {
  kernel.mmap(1, A, 2);
  kernel.store(1, A, "old");
  kernel.store(1, B, "old");
  if (pageout === "before the fork") kernel.madvise(1, A, 2, MADV_PAGEOUT);
  const family: Pid[] = [1];
  while (family.length <= generations) family.push(kernel.fork(family.at(-1)!));
  kernel.vmsplice(family[1]!, addr);
  for (const pid of family.slice(1)) kernel.exit(pid);
  if (pageout === "afterwards") kernel.madvise(1, A, 2, MADV_PAGEOUT);
  kernel.store(1, addr, "secret");
  return kernel.pipeRead() === "secret";
}
