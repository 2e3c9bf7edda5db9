import type { Addr, Pid } from "sim";

/** A running kernel, as far as programs see it: process 1 lives, and has mapped nothing. */
interface Kernel {
  mmap(pid: Pid, addr: Addr, pages?: number): void;
  munmap(pid: Pid, addr: Addr, pages?: number): void;
  store(pid: Pid, addr: Addr, text: string): void;
  /** The text at an address. */
  string(pid: Pid, addr: Addr): string;
  /** Answers the child's pid. */
  fork(pid: Pid): Pid;
  exit(pid: Pid): void;
  /** `MADV_PAGEOUT` puts pages into the swap area. */
  madvise(pid: Pid, addr: Addr, pages: number, advice: number): void;
  /** Puts a page into a pipe, by reference. */
  vmsplice(pid: Pid, addr: Addr, pipe?: string): void;
  /** Takes the next page out of a pipe: its text, or undefined when the pipe is empty. */
  pipeRead(pipe?: string): string | undefined;
}

const A = 0x10000;

/**
 * Does this kernel leak what a process writes through a pipe that a relative
 * filled before?
 *
 * @param boot starts the kernel anew
 */
export function leaks(boot: () => Kernel): boolean {
  // TODO: a child with a pipe, in all the ways in which it may come by a page.
  // So far this is the test that was there before 2020: does a child read in
  // its memory what its parent writes?
  const kernel = boot();
  kernel.mmap(1, A);
  kernel.store(1, A, "old");
  const child = kernel.fork(1);
  kernel.store(1, A, "secret");
  return kernel.string(child, A) === "secret";
}
