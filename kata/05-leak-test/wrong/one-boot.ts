// Believed: booting takes time, and each program can map pages of its own, so one kernel will do for all of them.
// Rejected by: a kernel that leaks only what was out at its first fork is caught
export * from "../solution.ts";
import { type Addr, MADV_PAGEOUT, PAGE_SIZE, type Pid } from "sim";
import { A, type Kernel, type Way, WAYS } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  const kernel = boot();
  return WAYS.some((way, i) => leaksOnce(kernel, way, A + i * 2 * PAGE_SIZE));
}

function leaksOnce(kernel: Kernel, way: Way, base: Addr): boolean {
  const { pageout, generations } = way;
  const addr = base + way.addr - A, pipe = `pipe of ${base}`;
  kernel.mmap(1, base, 2);
  kernel.store(1, base, "old");
  kernel.store(1, base + PAGE_SIZE, "old");
  if (pageout === "before the fork") kernel.madvise(1, base, 2, MADV_PAGEOUT);
  const family: Pid[] = [1];
  while (family.length <= generations) family.push(kernel.fork(family.at(-1)!));
  kernel.vmsplice(family.at(-1)!, addr, pipe);
  for (const pid of family.slice(1)) kernel.exit(pid);
  if (pageout === "afterwards") kernel.madvise(1, base, 2, MADV_PAGEOUT);
  kernel.store(1, addr, "secret");
  return kernel.pipeRead(pipe) === "secret";
}
