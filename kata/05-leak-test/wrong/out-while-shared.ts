// Believed: a page is swapped out when it is shared, since that is the case that matters.
// Rejected by: the kernels 5.9 to 5.17 are caught
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
  const family: Pid[] = [1];
  while (family.length <= generations) family.push(kernel.fork(family.at(-1)!));
  if (pageout !== "never") kernel.madvise(1, A, 2, MADV_PAGEOUT);
  kernel.vmsplice(family.at(-1)!, addr);
  for (const pid of family.slice(1)) kernel.exit(pid);
  kernel.store(1, addr, "secret");
  return kernel.pipeRead() === "secret";
}
