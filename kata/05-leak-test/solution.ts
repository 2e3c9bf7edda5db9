import { type Addr, MADV_PAGEOUT, PAGE_SIZE, type Pid } from "sim";

/** A running kernel, as far as programs see it: process 1 lives, and has mapped nothing. */
export interface Kernel {
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

/** How a process and its relatives come by the page that is in the pipe. */
export interface Way {
  readonly addr: Addr;
  readonly pageout: "never" | "before the fork" | "afterwards";
  readonly generations: number;
}

export const A = 0x10000, B = A + PAGE_SIZE;

// A kernel decides in several places, the write fault, the swap-in, the fork,
// and each way leads through others of them. So all combinations are tried.
export const WAYS: readonly Way[] = [A, B].flatMap((addr) =>
  (["never", "before the fork", "afterwards"] as const).flatMap((pageout) =>
    [1, 2].map((generations) => ({ addr, pageout, generations }))
  )
);

/**
 * Does this kernel leak what a process writes through a pipe that a relative
 * filled before?
 *
 * @param boot starts the kernel anew
 */
export function leaks(boot: () => Kernel): boolean {
  // Each way on a kernel where nothing has happened yet.
  return WAYS.some((way) => leaksOnce(boot(), way));
}

/** The same, as far as one way shows it. */
export function leaksOnce(kernel: Kernel, { addr, pageout, generations }: Way): boolean {
  kernel.mmap(1, A, 2);
  kernel.store(1, A, "old");
  kernel.store(1, B, "old");
  if (pageout === "before the fork") kernel.madvise(1, A, 2, MADV_PAGEOUT);
  const family: Pid[] = [1];
  while (family.length <= generations) family.push(kernel.fork(family.at(-1)!));
  // The reference comes after the fork. What a process put into a pipe before
  // is its own, and may show what it writes until something parts the two.
  kernel.vmsplice(family.at(-1)!, addr);
  // Nobody but the writer may be left that maps the page, or else every rule
  // sees that it is shared. The pipe outlives its process.
  for (const pid of family.slice(1)) kernel.exit(pid);
  if (pageout === "afterwards") kernel.madvise(1, A, 2, MADV_PAGEOUT);
  kernel.store(1, addr, "secret");
  // To look earlier would be to give the reference back.
  return kernel.pipeRead() === "secret";
}
