// Believed: booting takes time, and each program can map pages of its own, so one kernel will do for all of them.
// Rejected by: a kernel that leaks only what was out at its first fork is caught
import { type Addr, MADV_PAGEOUT, PAGE_SIZE, type Pid } from "sim";

interface Kernel {
  mmap(pid: Pid, addr: Addr, pages?: number): void;
  munmap(pid: Pid, addr: Addr, pages?: number): void;
  store(pid: Pid, addr: Addr, text: string): void;
  string(pid: Pid, addr: Addr): string;
  fork(pid: Pid): Pid;
  exit(pid: Pid): void;
  madvise(pid: Pid, addr: Addr, pages: number, advice: number): void;
  vmsplice(pid: Pid, addr: Addr, pipe?: string): void;
  pipeRead(pipe?: string): string | undefined;
}

const A = 0x10000;

export function leaks(boot: () => Kernel): boolean {
  const kernel = boot();
  let base = A;
  for (const page of [0, 1]) {
    for (const pageout of ["never", "before", "after"]) {
      for (const generations of [1, 2]) {
        if (leaksOnce(kernel, base, page, pageout, generations)) return true;
        base += 2 * PAGE_SIZE;
      }
    }
  }
  return false;
}

function leaksOnce(
  kernel: Kernel,
  base: Addr,
  page: number,
  pageout: string,
  generations: number,
): boolean {
  const addr = base + page * PAGE_SIZE, pipe = `pipe of ${base}`;
  kernel.mmap(1, base, 2);
  kernel.store(1, base, "old");
  kernel.store(1, base + PAGE_SIZE, "old");
  if (pageout === "before") kernel.madvise(1, base, 2, MADV_PAGEOUT);
  const family: Pid[] = [1];
  while (family.length <= generations) family.push(kernel.fork(family.at(-1)!));
  kernel.vmsplice(family.at(-1)!, addr, pipe);
  for (const pid of family.slice(1)) kernel.exit(pid);
  if (pageout === "after") kernel.madvise(1, base, 2, MADV_PAGEOUT);
  kernel.store(1, addr, "secret");
  return kernel.pipeRead(pipe) === "secret";
}
