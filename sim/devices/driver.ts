/**
 * A driver whose device works on the memory of processes: open, register, mmap, release. What a careful one must do
 * against a process that forks, unmaps, exits or asks for too much is a switch each, so that leaving it out can be seen.
 * Left out: everything else a driver does; that a mapping of the hardware page keeps the file open, too.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import type { Machine, Path } from "../machine.ts";
import { get_user_pages } from "../mm/gup.ts";
import { newObject } from "../mm/filemap.ts";
import type { Backing } from "../mm/mmap.ts";
import type { Addr, MmId, Pfn, Pid } from "../state.ts";
import { VM_DONTCOPY, VM_DONTEXPAND, VM_IO, VM_PFNMAP } from "../uapi.ts";

/** What a driver is careful about; a careful one is the default. */
export interface Care {
  /** Keeps a reference to each page for as long as its device may use it. */
  readonly references?: boolean;
  /** Charges the pages it pins to the process, and refuses above RLIMIT_MEMLOCK. */
  readonly charges?: boolean;
  /** Gives the pages back when the address space dies, though a child may have the descriptor open (a notifier). */
  readonly watchesMm?: boolean;
  /** Keeps its hardware page from children, VM_DONTCOPY. */
  readonly keepsHardwarePage?: boolean;
}

/** One device and its driver; open once at a time. */
export class Driver {
  /** The device's name, which is the holder of its references as well. */
  readonly name: string;
  readonly #care: Required<Care>;
  #file = 0;
  #registered: { mm: MmId; pfns: readonly Pfn[] }[] = [];

  /** Binds a driver to a device. */
  constructor(name: string, care: Care = {}) {
    this.name = name;
    this.#care = {
      references: true,
      charges: true,
      watchesMm: true,
      keepsHardwarePage: true,
      ...care,
    };
  }

  /** Opens the device. @throws Errno EBUSY when it is open already. @returns the descriptor */
  open(m: Machine, pid: Pid, cloexec: boolean): number {
    if (m.state.files.has(this.#file)) {
      throw new Errno("EBUSY", `open(${this.name}): the device is open`);
    }
    const { files } = m.task(pid);
    let fd = 3;
    while (files.has(fd)) fd++;
    this.#file = m.state.nextId;
    m.emit({ type: "open", pid, fd, file: this.#file, device: this.name, cloexec });
    return fd;
  }

  /**
   * Registers memory with the device.
   *
   * @throws Errno EFAULT, all or nothing; ENOMEM above the limit; EBADF without a descriptor
   */
  *register(m: Machine, pid: Pid, addr: Addr, pages: number, gup_flags: number): Path<void> {
    const task = m.task(pid), mm = m.mm(pid);
    if (![...task.files.values()].some(({ file }) => file === this.#file)) {
      throw new Errno("EBADF", `register(${this.name}): pid ${pid} has no descriptor of it`);
    }
    if (this.#care.charges && mm.pinnedVm + pages > task.memlock) {
      const limit = `${mm.pinnedVm} pages pinned, RLIMIT_MEMLOCK is ${task.memlock}`;
      throw new Errno("ENOMEM", `register(${this.name}, ${pages} pages): ${limit}`);
    }
    const got = yield* get_user_pages(m, mm, addr, pages, gup_flags, this.name);
    if (got.length < pages) {
      this.#put(m, got);
      throw new Errno(
        "EFAULT",
        `register(${this.name}): only ${got.length} of ${pages} pages are mapped`,
      );
    }
    if (!this.#care.references) m.emit({ type: "forget", holder: this.name });
    if (this.#care.charges) m.emit({ type: "charge", mm: mm.id, pages });
    this.#registered.push({ mm: mm.id, pfns: got });
  }

  /** Its hardware page, for mmap. */
  backing(m: Machine): Backing {
    const flags = VM_IO | VM_PFNMAP | VM_DONTEXPAND |
      (this.#care.keepsHardwarePage ? VM_DONTCOPY : 0);
    return { object: newObject(m, "device", 1), flags };
  }

  /** Asked after every close, exit and exec: is there still somebody to work for? */
  release(m: Machine): void {
    const open = m.state.files.has(this.#file);
    const lives = (mm: MmId) => m.state.mms.has(mm);
    const stays = ({ mm }: { mm: MmId }) => open && (lives(mm) || !this.#care.watchesMm);
    for (const { mm, pfns } of this.#registered.filter((one) => !stays(one))) {
      this.#put(m, pfns);
      if (this.#care.charges && lives(mm)) m.emit({ type: "charge", mm, pages: -pfns.length });
    }
    this.#registered = this.#registered.filter(stays);
  }

  /** Gives back one hold of each of these frames. */
  #put(m: Machine, pfns: readonly Pfn[]): void {
    for (const pfn of pfns) {
      const hold = m.state.holds.get(this.name)!.find((hold) => hold.pfn === pfn)!;
      m.emit({ type: "put", pfn, refs: hold.refs, holder: this.name });
    }
  }
}
