// Believed: what goes out when one process is left goes out page by page, so that the first page will do.
// Rejected by: kernels that leak are caught, whatever else is right with them
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
        if (addr === B && pageout === "after") continue;
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
  for (const pid of family.slice(1)) kernel.exit(pid);
  if (pageout === "after") kernel.madvise(1, A, 2, MADV_PAGEOUT);
  kernel.store(1, addr, "secret");
  return kernel.pipeRead() === "secret";
}
