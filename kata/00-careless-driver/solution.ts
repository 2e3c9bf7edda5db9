import { type Addr, Errno, FOLL_WRITE, type MmId, type Pfn, type Pid } from "sim";

/** What the kernel offers to a driver. */
export interface Kernel {
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
export interface Registered {
  readonly mm: MmId;
  readonly pfns: readonly Pfn[];
}

/**
 * A process registers a buffer, for the device to write to.
 *
 * @throws Errno EFAULT, ENOMEM
 */
export function register(kernel: Kernel, pid: Pid, addr: Addr, pages: number): Registered {
  const mm = kernel.mm(pid);
  // Memory that a device holds can be neither swapped out nor moved: without a
  // limit any process could take all there is. It is asked first, so that a
  // refusal leaves nothing to undo.
  if (pages > kernel.left(mm)) {
    throw new Errno("ENOMEM", `register(${pages} pages): only ${kernel.left(mm)} are left`);
  }
  // The device writes, so that the driver says so: otherwise it would be given
  // a frame that a child maps as well.
  const pfns = kernel.get_user_pages(pid, addr, pages, FOLL_WRITE);
  if (pfns.length < pages) {
    for (const pfn of pfns) kernel.put_page(pfn);
    throw new Errno("EFAULT", `register(${pages} pages): only ${pfns.length} are mapped`);
  }
  kernel.charge(mm, pages);
  return { mm, pfns };
}

/**
 * Something was closed, or a process has exited or called exec.
 *
 * @param open has anybody still a descriptor of the device?
 * @returns the registrations that stay
 */
export function release(
  kernel: Kernel,
  registered: readonly Registered[],
  open: boolean,
): Registered[] {
  // A child has inherited the descriptor, so that the last close may come long
  // after the memory's own process is gone: nobody reads it any more then.
  const stays = ({ mm }: Registered) => open && kernel.lives(mm);
  for (const one of registered) if (!stays(one)) giveBack(kernel, one);
  return registered.filter(stays);
}

export function giveBack(kernel: Kernel, { mm, pfns }: Registered): void {
  // One for each page, however often a frame is in the list.
  for (const pfn of pfns) kernel.put_page(pfn);
  if (kernel.lives(mm)) kernel.charge(mm, -pfns.length);
}
