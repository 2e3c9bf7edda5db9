// Believed: who filled the pipe must let go of the page; the others have done nothing, and may stay.
// Rejected by: a kernel that leaks in a family of three when all have let go is caught
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

const A = 0x10000, B = A + PAGE_SIZE;

export function leaks(boot: () => Kernel): boolean {
  for (const addr of [A, B]) {
    for (const pageout of ["never", "before", "after"]) {
      for (const generations of [1, 2]) {
        if (leaksOnce(boot(), addr, pageout, generations)) return true;
      }
    }
  }
  return false;
}

function leaksOnce(kernel: Kernel, addr: Addr, pageout: string, generations: number): boolean {
  kernel.mmap(1, A, 2);
  kernel.store(1, A, "old");
  kernel.store(1, B, "old");
  if (pageout === "before") kernel.madvise(1, A, 2, MADV_PAGEOUT);
  const family: Pid[] = [1];
  while (family.length <= generations) family.push(kernel.fork(family.at(-1)!));
  kernel.vmsplice(family.at(-1)!, addr);
  kernel.exit(family.at(-1)!);
  if (pageout === "after") kernel.madvise(1, A, 2, MADV_PAGEOUT);
  kernel.store(1, addr, "secret");
  return kernel.pipeRead() === "secret";
}
