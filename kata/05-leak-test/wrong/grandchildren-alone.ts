// Believed: a grandchild has its page from a child, so a family of three shows all that a family of two does.
// Rejected by: a kernel that leaks only in a family of two is caught
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
      if (leaksOnce(boot(), addr, pageout, 2)) return true;
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
