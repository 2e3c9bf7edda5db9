import type { Addr, MmId, Pfn, Pid } from "sim";

/** What the kernel offers to a driver. */
interface Kernel {
  /** The address space that a process runs in. */
  mm(pid: Pid): MmId;
  /** Is an address space still there? */
  lives(mm: MmId): boolean;
  /** The frames behind those pages that have an entry at the moment. */
  follow_pages(pid: Pid, addr: Addr, pages: number): Pfn[];
  /**
   * Faults pages in and takes a reference to each frame, as far as it gets.
   * FOLL_WRITE breaks the sharing that a fork has left, as a store would.
   */
  get_user_pages(pid: Pid, addr: Addr, pages: number, gup_flags: number): Pfn[];
  /** Gives one reference back. */
  put_page(pfn: Pfn): void;
  /** How many pages an address space may still be charged for. */
  left(mm: MmId): number;
  /** Charges pages to an address space; a negative number gives them back. */
  charge(mm: MmId, pages: number): void;
}

/** What the device may write to on behalf of an address space. */
interface Registered {
  readonly mm: MmId;
  readonly pfns: readonly Pfn[];
}

/**
 * A process registers a buffer, for the device to write to.
 *
 * @throws Errno EFAULT, ENOMEM
 */
export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  // TODO: be careful, here and in release(). So far the device is given what
  // the page table says now, for good.
  return { mm: kernel.mm(pid), pfns: kernel.follow_pages(pid, addr, pages) };
}

/**
 * Something was closed, or a process has exited or called exec.
 *
 * @param open has anybody still a descriptor of the device?
 * @returns the registrations that stay
 */
export function release(
  _kernel: Kernel,
  registered: readonly Registered[],
  _open: boolean,
): Registered[] {
  return [...registered];
}
