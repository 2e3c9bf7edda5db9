/**
 * What processes do, as far as the kernel sees it: a method for each system call and instruction, run to its end without
 * interruption.
 *
 * @module
 */

import { type Care, Driver } from "./devices/driver.ts";
import { Errno } from "./errno.ts";
import type { Words } from "./words.ts";
import { check } from "./invariant.ts";
import { offset_in_page } from "./address.ts";
import { atomic, Machine, type MachineOptions } from "./machine.ts";
import { do_execve } from "./mm/exec.ts";
import { user_load, user_store } from "./mm/fault.ts";
import {
  assertRuns,
  clone_thread,
  copy_process,
  do_exit,
  mm_alloc,
  start_task,
  vfork,
} from "./mm/fork.ts";
import { do_madvise, sys_mark_nocopy } from "./mm/madvise.ts";
import { do_mlock, do_munlock } from "./mm/mlock.ts";
import { sys_brk, vm_mmap, vm_munmap } from "./mm/mmap.ts";
import { do_mprotect } from "./mm/mprotect.ts";
import { sys_mremap } from "./mm/mremap.ts";
import { clear_refs_write } from "./mm/task_mmu.ts";
import type { Era } from "./policy.ts";
import { type Addr, type Contents, PAGE_SIZE, type Pid } from "./state.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "./uapi.ts";

/** What a process stores or a device transfers: text goes with its terminating NUL, as with `strcpy`. */
export type Data = string | Uint8Array | readonly number[];

/** Settings of a {@linkcode Lab}. */
export interface LabOptions extends Omit<MachineOptions, "check"> {
  /** Check the invariants after every call, the default; a kata leaves it to its suite to say what broke. */
  readonly invariants?: boolean;
}

/** A machine with one process, and a method for each of its system calls and instructions. */
export class Calls extends Machine {
  readonly #drivers = new Map<string, Driver>();

  /**
   * Starts a machine.
   *
   * @param era who answers where kernels differ
   */
  constructor(era: Era, options: LabOptions = {}) {
    super(era, { check: options.invariants === false ? undefined : check, ...options });
    start_task(this, mm_alloc(this), 0);
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
    const kind = flags & MAP_SHARED ? ", MAP_SHARED" : "";
    this.begin(pid, `mmap(pid ${pid}, ${hex(addr)}, ${count(pages, "page")}${kind})`);
    const backing = fd === undefined ? undefined : this.#driver(pid, fd).backing(this);
    return this.run(vm_mmap(this, this.mm(pid), addr, pages, prot, flags, backing));
  }

  /** Unmaps `pages` pages. @throws Errno EINVAL */
  munmap(pid: Pid, addr: Addr, pages: number = 1): void {
    this.begin(pid, `munmap(pid ${pid}, ${hex(addr)}, ${count(pages, "page")})`);
    this.run(vm_munmap(this, this.mm(pid), addr, pages));
  }

  /** Sets the protection of `pages` pages to `prot`. @throws Errno EINVAL, EACCES, ENOMEM */
  mprotect(pid: Pid, addr: Addr, pages: number, prot: number): void {
    const range = `${hex(addr)}, ${count(pages, "page")}`;
    this.begin(pid, `mprotect(pid ${pid}, ${range}, ${protText(prot)})`);
    this.run(do_mprotect(this, this.mm(pid), addr, pages, prot));
  }

  /** Gives advice on `pages` pages, `MADV_DONTFORK` and so on. @throws Errno EINVAL, ENOMEM */
  madvise(pid: Pid, addr: Addr, pages: number, advice: number): void {
    this.begin(
      pid,
      "madvise(pid ",
      pid,
      ", 0x",
      addr,
      ", ",
      count(pages, "page"),
      ", ",
      advice,
      ")",
    );
    this.run(do_madvise(this, this.mm(pid), addr, pages * PAGE_SIZE, advice));
  }

  /** Moves `pages` pages to `to`, where whatever was mapped goes away. @throws Errno EINVAL, EFAULT */
  mremap(pid: Pid, addr: Addr, pages: number, to: Addr): void {
    this.begin(pid, `mremap(pid ${pid}, ${hex(addr)}, ${count(pages, "page")}, ${hex(to)})`);
    this.run(sys_mremap(this, this.mm(pid), addr, pages, to));
  }

  /** Moves the end of the heap to `addr`. @returns where it is now, which is where it was if that cannot be */
  brk(pid: Pid, addr: Addr): Addr {
    this.begin(pid, `brk(pid ${pid}, ${hex(addr)})`);
    return this.run(sys_brk(this, this.mm(pid), addr));
  }

  /** Locks `pages` pages into memory and faults them in. @throws Errno EINVAL, ENOMEM */
  mlock(pid: Pid, addr: Addr, pages: number): void {
    this.begin(pid, `mlock(pid ${pid}, ${hex(addr)}, ${count(pages, "page")})`);
    this.run(do_mlock(this, this.mm(pid), addr, pages, this.task(pid).memlock));
  }

  /** Unlocks `pages` pages. @throws Errno EINVAL, ENOMEM */
  munlock(pid: Pid, addr: Addr, pages: number): void {
    this.begin(pid, `munlock(pid ${pid}, ${hex(addr)}, ${count(pages, "page")})`);
    this.run(do_munlock(this, this.mm(pid), addr, pages));
  }

  /** Clears the soft-dirty bits of a process, which write-protects its pages: "4" to /proc/PID/clear_refs. */
  clearRefs(pid: Pid): void {
    this.begin(pid, `clear_refs(pid ${pid})`);
    this.run(clear_refs_write(this, this.mm(pid)));
  }

  /** Marks `pages` pages as not to be copied, or takes the mark away, where the kernel has the call. @throws Errno ENOSYS, EINVAL, ENOMEM */
  sys_mark_nocopy(pid: Pid, addr: Addr, pages: number, mark: boolean): void {
    this.begin(pid, `sys_mark_nocopy(pid ${pid}, ${hex(addr)}, ${count(pages, "page")}, ${mark})`);
    this.run(sys_mark_nocopy(this, this.mm(pid), addr, pages, mark));
  }

  /** The process stores data, faulting where it must. @throws Signal SIGSEGV, SIGBUS */
  store(pid: Pid, addr: Addr, data: Data): void {
    const bytes = bytesOf(data);
    this.begin(pid, "store(pid ", pid, ", 0x", addr, ", ", dataWord(data, bytes), ")");
    this.run(user_store(this, pid, addr, bytes));
  }

  /** The process loads `length` bytes, faulting where it must. @throws Signal SIGSEGV, SIGBUS */
  load(pid: Pid, addr: Addr, length: number): Uint8Array {
    this.begin(pid, `load(pid ${pid}, ${hex(addr)}, ${count(length, "byte")})`);
    return this.run(user_load(this, pid, addr, length));
  }

  /** The process reads the text at `addr`, up to its NUL or the end of the page. @throws Signal SIGSEGV */
  string(pid: Pid, addr: Addr): string {
    return textOf(this.load(pid, addr, PAGE_SIZE - offset_in_page(addr)));
  }

  /** Forks. @returns the child's pid */
  fork(pid: Pid): Pid {
    this.begin(pid, `fork(pid ${pid}), the child is pid ${this.state.nextPid}`);
    return this.run(copy_process(this, pid));
  }

  /** Starts a child in the process's own memory; the process waits until it execs or exits. @returns the child's pid */
  vfork(pid: Pid): Pid {
    this.begin(pid, `vfork(pid ${pid}), the child is pid ${this.state.nextPid}`);
    return this.atomically(() => vfork(this, pid));
  }

  /** Starts another program in a child, which never has the parent's memory to itself. @returns the child's pid */
  posix_spawn(pid: Pid): Pid {
    const child = this.vfork(pid);
    this.execve(child);
    return child;
  }

  /** Starts a thread: another task in the same memory. @returns its pid */
  thread(pid: Pid): Pid {
    this.begin(pid, `clone(pid ${pid}, CLONE_VM), the thread is pid ${this.state.nextPid}`);
    return this.atomically(() => clone_thread(this, pid));
  }

  /** Replaces the process's program: it maps nothing now, and what was close-on-exec is closed. */
  execve(pid: Pid): void {
    this.begin(pid, `execve(pid ${pid})`);
    this.run(do_execve(this, pid));
    this.#release();
  }

  /** Ends a process. What a device holds of its memory stays held, unless its driver lets go. */
  exit(pid: Pid): void {
    this.begin(pid, `exit(pid ${pid})`);
    this.run(do_exit(this, pid));
    this.#release();
  }

  /** Plugs in a device with a driver of its own; what it is not careful about is up to you. */
  driver(name: string, care: Care = {}): void {
    this.#drivers.set(name, new Driver(name, care));
  }

  /** Opens a device. @returns the descriptor @throws Errno EBUSY when it is open */
  open(pid: Pid, name: string, cloexec: boolean = false): number {
    this.begin(pid, `open(pid ${pid}, ${name}${cloexec ? ", O_CLOEXEC" : ""})`);
    const driver = this.#drivers.get(name);
    if (!driver) throw new Errno("ENXIO", `open(${name}): no such device is plugged in`);
    return this.atomically(() => driver.open(this, pid, cloexec));
  }

  /** Closes a descriptor; with the last one of a device, its driver lets go of everything. @throws Errno EBADF */
  close(pid: Pid, fd: number): void {
    this.begin(pid, `close(pid ${pid}, fd ${fd})`);
    this.#driver(pid, fd);
    this.atomically(() => this.emit({ type: "close", pid, fd }));
    this.#release();
  }

  /** Registers memory with an open device. @throws Errno EFAULT, ENOMEM above RLIMIT_MEMLOCK, EBADF */
  register(pid: Pid, fd: number, addr: Addr, pages: number, gup_flags: number): void {
    this.begin(pid, `register(pid ${pid}, fd ${fd}, ${hex(addr)}, ${count(pages, "page")})`);
    this.run(this.#driver(pid, fd).register(this, pid, addr, pages, gup_flags));
  }

  /** Limits what drivers may pin for a process, RLIMIT_MEMLOCK, in pages. */
  setMemlock(pid: Pid, pages: number): void {
    this.begin(pid, `setrlimit(pid ${pid}, RLIMIT_MEMLOCK, ${count(pages, "page")})`);
    this.atomically(() => this.emit({ type: "rlimit", pid, memlock: pages }));
  }

  /** An operation of a process begins. @throws Errno EAGAIN when it waits in vfork */
  protected begin(pid: Pid, ...words: Words): void {
    assertRuns(this, pid);
    this.op(...words);
  }

  /** Something that nothing interrupts, and that needs no lock. */
  protected atomically<T>(call: () => T): T {
    return this.run(atomic(call));
  }

  #driver(pid: Pid, fd: number): Driver {
    const file = this.task(pid).files.get(fd)?.file;
    const device = file && this.state.files.get(file)?.device;
    const driver = device && this.#drivers.get(device);
    if (driver) return driver;
    throw new Errno("EBADF", `pid ${pid} has no open descriptor ${fd}`);
  }

  #release(): void {
    for (const driver of this.#drivers.values()) this.atomically(() => driver.release(this));
  }
}

/** An address as pictures and errors write it. */
export function hex(addr: Addr): string {
  return `0x${addr.toString(16)}`;
}

/** `1 page`, `2 pages`. */
export function count(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

function protText(prot: number): string {
  return (prot & PROT_READ ? "r" : "-") + (prot & PROT_WRITE ? "w" : "-");
}

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** What a process stores or a device transfers, as bytes of their own. */
export function bytesOf(data: Data): Contents {
  const list = typeof data === "string" ? encoder.encode(`${data}\0`) : data, bytes: number[] = [];
  for (let at = 0; at < list.length; at++) bytes.push(list[at]!);
  return bytes;
}

/** The text at the beginning of bytes, up to its NUL or their end. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end === -1 ? bytes : bytes.subarray(0, end));
}

/** Data as an operation names it; `bytes` are the same, made already. */
export function dataWord(data: Data, bytes: Contents): string | Contents {
  return typeof data === "string" ? JSON.stringify(data) : bytes;
}
