/**
 * The bench at which chapters and katas work: a machine with one process, and a method for each of its operations. What
 * processes do comes first, then the world outside, which holds pages: drivers, devices, pipes, the kernel's own daemons.
 * Each runs to its end without interruption.
 *
 * @module
 */

import { offset_in_page } from "./address.ts";
import { type Data, operandOf, textOf } from "./data.ts";
import { type Care, Driver } from "./devices/driver.ts";
import { cameOf } from "./errno.ts";
import type { Operands } from "./event.ts";
import { Host } from "./host.ts";
import { assertRuns } from "./mm/fork.ts";
import { holders } from "./operations/holders.ts";
import { memory } from "./operations/memory.ts";
import { assertOperands } from "./operations/operands.ts";
import type { Operation } from "./operations/operation.ts";
import { processes } from "./operations/processes.ts";
import { type Addr, PAGE_SIZE, type Pid } from "./state.ts";
import {
  FOLL_LONGTERM,
  FOLL_PIN,
  FOLL_WRITE,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  PROT_READ,
  PROT_WRITE,
} from "./uapi.ts";
import { operationText } from "./view/operation.ts";
import { reasonText } from "./view/reason.ts";

/** Who holds the page that process_vm_readv looked up. */
const READER = "reader";

/** A machine at work. Process 1 is alive and maps nothing. */
export class Lab extends Host {
  /**
   * Runs an operation.
   *
   * @throws RangeError for operands that no program could have
   * @throws Errno ESRCH when there is no such process; EAGAIN when it waits in vfork, and can do nothing: a real one would block
   */
  #do<K extends keyof Operands, R>(row: Operation<K, R>, operands: Pick<Operands, K>): R {
    const { pid }: Partial<Operands> = operands;
    assertOperands(row.call, operands);
    if (row.who === "process") assertRuns(this, pid!);
    const op = this.op(row.call, operands);
    try {
      return this.run(row.path(this, operands));
    } catch (error) {
      throw cameOf(op, error);
    }
  }

  /**
   * Maps `pages` pages at `addr`: private anonymous memory, or what `flags` say.
   *
   * @param flags MAP_PRIVATE or MAP_SHARED
   * @param fd an open device, whose hardware page is mapped
   * @returns `addr`
   * @throws Errno EINVAL, EEXIST, EBADF
   */
  mmap(
    pid: Pid,
    addr: Addr,
    pages: number = 1,
    prot: number = PROT_READ | PROT_WRITE,
    flags: number = MAP_PRIVATE | MAP_ANONYMOUS,
    fd?: number,
  ): Addr {
    return this.#do(memory.mmap, { pid, addr, pages, prot, flags, ...fd !== undefined && { fd } });
  }

  /** Unmaps `pages` pages. @throws Errno EINVAL */
  munmap(pid: Pid, addr: Addr, pages: number = 1): void {
    this.#do(memory.munmap, { pid, addr, pages });
  }

  /** Sets the protection of `pages` pages to `prot`. @throws Errno EINVAL, EACCES, ENOMEM */
  mprotect(pid: Pid, addr: Addr, pages: number, prot: number): void {
    this.#do(memory.mprotect, { pid, addr, pages, prot });
  }

  /** Gives advice on `pages` pages, `MADV_DONTFORK` and so on. @throws Errno EINVAL, ENOMEM */
  madvise(pid: Pid, addr: Addr, pages: number, advice: number): void {
    this.#do(memory.madvise, { pid, addr, pages, advice });
  }

  /** Moves `pages` pages to `to`, where whatever was mapped goes away. @throws Errno EINVAL, EFAULT */
  mremap(pid: Pid, addr: Addr, pages: number, to: Addr): void {
    this.#do(memory.mremap, { pid, addr, pages, to });
  }

  /** Moves the end of the heap to `addr`. @returns where it is now, which is where it was if that cannot be */
  brk(pid: Pid, addr: Addr): Addr {
    return this.#do(memory.brk, { pid, addr });
  }

  /** Locks `pages` pages into memory and faults them in. @throws Errno EINVAL, ENOMEM */
  mlock(pid: Pid, addr: Addr, pages: number): void {
    this.#do(memory.mlock, { pid, addr, pages });
  }

  /** Unlocks `pages` pages. @throws Errno EINVAL, ENOMEM */
  munlock(pid: Pid, addr: Addr, pages: number): void {
    this.#do(memory.munlock, { pid, addr, pages });
  }

  /** Which of `pages` pages are resident: mapped, or in the page cache or the swap cache. @throws Errno EINVAL, ENOMEM */
  mincore(pid: Pid, addr: Addr, pages: number): boolean[] {
    return this.#do(memory.mincore, { pid, addr, pages });
  }

  /** Clears the soft-dirty bits of a process, which write-protects its pages: "4" to /proc/PID/clear_refs. */
  clearRefs(pid: Pid): void {
    this.#do(memory.clear_refs, { pid });
  }

  /** Marks `pages` pages as not to be copied, or takes the mark away, where the kernel has the call. @throws Errno ENOSYS, EINVAL, ENOMEM */
  sys_mark_nocopy(pid: Pid, addr: Addr, pages: number, mark: boolean): void {
    this.#do(memory.sys_mark_nocopy, { pid, addr, pages, mark });
  }

  /** The process stores data, faulting where it must. @throws Signal SIGSEGV, SIGBUS */
  store(pid: Pid, addr: Addr, data: Data): void {
    this.#do(memory.store, { pid, addr, data: operandOf(data) });
  }

  /** The process loads `length` bytes, faulting where it must. @throws Signal SIGSEGV, SIGBUS */
  load(pid: Pid, addr: Addr, length: number): Uint8Array {
    return this.#do(memory.load, { pid, addr, length });
  }

  /** The process reads the text at `addr`, up to its NUL or the end of the page. @throws Signal SIGSEGV */
  string(pid: Pid, addr: Addr): string {
    return textOf(this.load(pid, addr, PAGE_SIZE - offset_in_page(addr)));
  }

  /** Reads the byte at `addr` through /proc/PID/mem, or writes one, whatever the protection. @throws Errno EIO */
  mem(pid: Pid, addr: Addr, value?: number): number {
    const target = pid;
    if (value === undefined) return this.#do(memory.mem_read, { target, addr });
    return this.#do(memory.mem_write, { target, addr, value });
  }

  /** Forks. @returns the child's pid */
  fork(pid: Pid): Pid {
    return this.#do(processes.fork, { pid, child: this.state.nextPid });
  }

  /** Starts a child in the process's own memory; the process waits until it execs or exits. @returns the child's pid */
  vfork(pid: Pid): Pid {
    return this.#do(processes.vfork, { pid, child: this.state.nextPid });
  }

  /** Starts another program in a child, which never has the parent's memory to itself. @returns the child's pid */
  posix_spawn(pid: Pid): Pid {
    return this.#do(processes.posix_spawn, { pid, child: this.state.nextPid });
  }

  /** Starts a thread: another task in the same memory. @returns its pid */
  thread(pid: Pid): Pid {
    return this.#do(processes.clone, { pid, child: this.state.nextPid });
  }

  /** Replaces the process's program: it maps nothing now, and what was close-on-exec is closed. */
  execve(pid: Pid): void {
    this.#do(processes.execve, { pid });
  }

  /** Ends a process. What a device holds of its memory stays held, unless its driver lets go. */
  exit(pid: Pid): void {
    this.#do(processes.exit, { pid });
  }

  /** Plugs in a device with a driver of its own; what it is not careful about is up to you. */
  driver(name: string, care: Care = {}): void {
    this.drivers.set(name, new Driver(name, care));
  }

  /** Opens a device. @returns the descriptor @throws Errno EBUSY when it is open */
  open(pid: Pid, device: string, cloexec: boolean = false): number {
    return this.#do(processes.open, { pid, device, cloexec });
  }

  /** Closes a descriptor; with the last one of a device, its driver lets go of everything. @throws Errno EBADF */
  close(pid: Pid, fd: number): void {
    this.#do(processes.close, { pid, fd });
  }

  /** Registers memory with an open device. @throws Errno EFAULT, ENOMEM above RLIMIT_MEMLOCK, EBADF */
  register(pid: Pid, fd: number, addr: Addr, pages: number, gup_flags: number): void {
    this.#do(processes.register, { pid, fd, addr, pages, gup_flags });
  }

  /** Limits what drivers may pin for a process, RLIMIT_MEMLOCK, in pages; Infinity: not at all. */
  setMemlock(pid: Pid, limit: number): void {
    this.#do(processes.setrlimit, { pid, limit });
  }

  /**
   * A driver takes references to the frames behind a process's pages, for `holder` to keep.
   *
   * @param gup_flags FOLL_WRITE, FOLL_FORCE, FOLL_LONGTERM; 0 only reads
   * @returns how many pages it got
   * @throws Errno EFAULT when it got none
   */
  get_user_pages(
    pid: Pid,
    addr: Addr,
    pages: number,
    gup_flags: number,
    holder: string,
  ): number {
    const row = gup_flags & FOLL_PIN ? holders.pin_user_pages : holders.get_user_pages;
    return this.#do(row, { pid, addr, pages, gup_flags, holder }).length;
  }

  /** As {@linkcode get_user_pages}, with FOLL_PIN: the references are a device's, and are counted so. */
  pin_user_pages(
    pid: Pid,
    addr: Addr,
    pages: number,
    gup_flags: number,
    holder: string,
  ): number {
    return this.get_user_pages(pid, addr, pages, gup_flags | FOLL_PIN, holder);
  }

  /** The driver gives back every reference of `holder`: `put_page`, or `unpin_user_page` for a pin. */
  put_user_pages(holder: string): void {
    this.#do(holders.put_user_pages, { holder });
  }

  /** Puts a page into a pipe, by reference. @throws Errno EFAULT */
  vmsplice(pid: Pid, addr: Addr, pipe: string = "pipe"): void {
    this.#do(holders.vmsplice, { pid, addr, holder: pipe });
  }

  /** Reads the text of the next page in a pipe, and drops the pipe's reference; undefined when it is empty. */
  pipeRead(pipe: string = "pipe"): string | undefined {
    const bytes = this.#do(holders.pipe_read, { holder: pipe });
    return bytes && textOf(bytes);
  }

  /** The device writes into the pages it holds, `offset` bytes from the start of the first. @throws KernelBug */
  deviceWrite(holder: string, data: Data, offset: number = 0): void {
    this.#do(holders.device_write, { holder, offset, data: operandOf(data) });
  }

  /** The device reads the text in the first page it holds, up to its NUL. @throws KernelBug */
  deviceRead(holder: string): string {
    return textOf(this.#do(holders.device_read, { holder, offset: 0, length: PAGE_SIZE }));
  }

  /**
   * Registers a fixed buffer with io_uring: a long-term pin for writing, all of it or nothing.
   *
   * @throws Errno EFAULT, EBUSY when `buffer` is in use, EOPNOTSUPP where memory of a file is refused
   */
  io_uring_register(pid: Pid, addr: Addr, pages: number, buffer: string): void {
    const gup_flags = FOLL_WRITE | FOLL_LONGTERM;
    const how = { gup_flags, fast: false };
    this.#do(holders.io_uring_register, { pid, addr, pages, holder: buffer, ...how });
  }

  /** Registers memory with an RDMA adapter; `writable` says what the adapter may do. @throws Errno EFAULT */
  ib_umem_get(pid: Pid, addr: Addr, pages: number, writable: boolean, holder: string): void {
    this.#do(holders.ib_umem_get, { pid, addr, pages, writable, holder });
  }

  /**
   * Starts direct I/O: a `write` of a file reads memory, a `read` of one writes it.
   *
   * @param disk a file of FUSE, or a disk, `loop`: from 6.5 to 6.8 they differ in what they take
   * @throws Errno EFAULT
   */
  directIo(
    pid: Pid,
    addr: Addr,
    pages: number,
    direction: "read" | "write",
    transfer: string,
    disk: "fuse" | "loop" = "fuse",
  ): void {
    this.#do(holders[direction], { pid, addr, pages, holder: transfer, disk });
  }

  /** The device fetches what a direct write is to write, and lets go. @returns the first byte of each page */
  directFetched(transfer: string): number[] {
    return this.#do(holders.fetched, { holder: transfer });
  }

  /** The device delivers each page of a direct read, `value` and zeros behind it, and lets go. @returns the pages */
  directDelivered(transfer: string, value: number): number {
    return this.#do(holders.delivered, { holder: transfer, value });
  }

  /** Another process's page is looked up for process_vm_readv, and held until it is copied. @throws Errno EFAULT */
  process_vm_readv(pid: Pid, target: Pid, addr: Addr): void {
    this.#do(holders.process_vm_readv, { pid, target, addr, holder: READER });
  }

  /** The remote read copies the page and lets go. @returns its text; undefined when no read is at work */
  remoteRead(): string | undefined {
    const bytes = this.#do(holders.remote_read, { holder: READER });
    return bytes && textOf(bytes);
  }

  /** The KSM daemon scans all mergeable memory once. @returns whether there is any */
  ksmScan(): boolean {
    return this.#do(holders.ksm_scan, { scans: 1 });
  }

  /** KSM breaks up whatever it has merged. */
  ksmUnmerge(): void {
    this.#do(holders.ksm_unmerge, {});
  }

  /** The operations so far, a line each. */
  story(): string[] {
    return this.trace.flatMap((event) => event.type === "op" ? [operationText(event)] : []);
  }

  /** What the machine said while it decided, a line each, since the last operation began. */
  reasons(): string[] {
    const last = this.trace.findLastIndex((event) => event.type === "op");
    return this.trace.slice(last).flatMap((event) =>
      event.type === "note" ? [reasonText(event.reason)] : []
    );
  }
}
