// This module is browser compatible.
/**
 * The bench at which chapters and katas work: a machine with one process, and a method for each system call,
 * instruction and transfer, run to its end without interruption.
 *
 * @module
 */

import { dma_read, dma_write } from "./devices/dma.ts";
import type { Era } from "./era.ts";
import { check } from "./invariant.ts";
import { Machine } from "./machine.ts";
import { user_load, user_store } from "./mm/fault.ts";
import { copy_process, do_exit, mm_alloc, start_task } from "./mm/fork.ts";
import { get_user_pages, put_user_pages } from "./mm/gup.ts";
import { do_mmap, do_munmap } from "./mm/mmap.ts";
import { do_mprotect } from "./mm/mprotect.ts";
import { type Addr, PAGE_SIZE, type Pid, PROT_READ, PROT_WRITE } from "./state.ts";
import { bytesText } from "./view/text.ts";

/** What a process stores or a device transfers: text goes with its terminating NUL, as with `strcpy`. */
export type Data = string | Uint8Array | readonly number[];

/** Settings of a {@linkcode Lab} that are no kernel's. */
export interface LabOptions {
  /** Check the invariants after every step, the default; a kata leaves it to its suite to say what broke. */
  readonly invariants?: boolean;
}

/** A machine at work. Process 1 is alive and maps nothing. */
export class Lab extends Machine {
  /**
   * Starts a machine.
   *
   * @param era who answers where kernels differ
   */
  constructor(era: Era, options: LabOptions = {}) {
    super(era, options.invariants === false ? undefined : check);
    start_task(this, mm_alloc(this));
  }

  /**
   * Maps `pages` pages of private anonymous memory at `addr`.
   *
   * @returns `addr`
   * @throws Errno EINVAL, EEXIST
   */
  mmap(pid: Pid, addr: Addr, pages: number = 1, prot: number = PROT_READ | PROT_WRITE): Addr {
    this.#op(`mmap(pid ${pid}, ${hex(addr)}, ${count(pages, "page")})`);
    return this.#atomic(() => do_mmap(this, this.mm(pid), addr, pages, prot));
  }

  /** Unmaps `pages` pages. @throws Errno EINVAL */
  munmap(pid: Pid, addr: Addr, pages: number = 1): void {
    this.#op(`munmap(pid ${pid}, ${hex(addr)}, ${count(pages, "page")})`);
    this.#atomic(() => do_munmap(this, this.mm(pid), addr, pages));
  }

  /** Sets the protection of `pages` pages to `prot`. @throws Errno EINVAL, ENOMEM */
  mprotect(pid: Pid, addr: Addr, pages: number, prot: number): void {
    this.#op(`mprotect(pid ${pid}, ${hex(addr)}, ${count(pages, "page")}, ${protText(prot)})`);
    this.#atomic(() => do_mprotect(this, this.mm(pid), addr, pages, prot));
  }

  /** The process stores data, faulting where it must. @throws Signal SIGSEGV */
  store(pid: Pid, addr: Addr, data: Data): void {
    this.#op(`store(pid ${pid}, ${hex(addr)}, ${dataText(data)})`);
    this.run(user_store(this, pid, addr, bytesOf(data)));
  }

  /** The process loads `length` bytes, faulting where it must. @throws Signal SIGSEGV */
  load(pid: Pid, addr: Addr, length: number): Uint8Array {
    this.#op(`load(pid ${pid}, ${hex(addr)}, ${count(length, "byte")})`);
    return this.run(user_load(this, pid, addr, length));
  }

  /** The process reads the text at `addr`, up to its NUL or the end of the page. @throws Signal SIGSEGV */
  string(pid: Pid, addr: Addr): string {
    return textOf(this.load(pid, addr, PAGE_SIZE - addr % PAGE_SIZE));
  }

  /** Forks. @returns the child's pid */
  fork(pid: Pid): Pid {
    this.#op(`fork(pid ${pid}), the child is pid ${this.state.nextPid}`);
    return this.#atomic(() => copy_process(this, pid));
  }

  /** Ends a process. What a device holds of its memory stays held. */
  exit(pid: Pid): void {
    this.#op(`exit(pid ${pid})`);
    this.#atomic(() => do_exit(this, pid));
  }

  /**
   * A driver takes references to the frames behind a process's pages, for `holder` to keep.
   *
   * @param gup_flags FOLL_WRITE, FOLL_PIN; 0 reads and takes a plain reference
   * @returns how many pages it got
   * @throws Errno EFAULT when it got none
   */
  get_user_pages(
    pid: Pid,
    start: Addr,
    nr_pages: number,
    gup_flags: number,
    holder: string,
  ): number {
    this.#op(`get_user_pages(pid ${pid}, ${hex(start)}, ${count(nr_pages, "page")}) for ${holder}`);
    const path = get_user_pages(this, this.mm(pid), start, nr_pages, gup_flags, holder);
    return this.run(path).length;
  }

  /** The driver gives back every reference of `holder`: `put_page`, or `unpin_user_page` for a pin. */
  put_pages(holder: string): void {
    this.#op(`put_pages(${holder})`);
    this.#atomic(() => put_user_pages(this, holder));
  }

  /** The device writes into the pages it holds, `offset` bytes from the start of the first. @throws KernelBug */
  deviceWrite(holder: string, data: Data, offset: number = 0): void {
    this.#op(`${holder} writes ${dataText(data)}`);
    this.#atomic(() => dma_write(this, holder, offset, bytesOf(data)));
  }

  /** The device reads the text in the first page it holds, up to its NUL. @throws KernelBug */
  deviceRead(holder: string): string {
    this.#op(`${holder} reads`);
    return textOf(dma_read(this, holder, 0, PAGE_SIZE));
  }

  /** The operations so far, a line each. */
  story(): string[] {
    return this.trace.flatMap((event) => event.type === "op" ? [event.text] : []);
  }

  /** What the machine said while it decided, a line each, since the last operation began. */
  reasons(): string[] {
    const last = this.trace.findLastIndex((event) => event.type === "op");
    return this.trace.slice(last).flatMap((event) => event.type === "note" ? [event.text] : []);
  }

  #op(text: string): void {
    this.emit({ type: "op", text });
  }

  /** A call that nothing interrupts is a path without a yield. */
  #atomic<T>(call: () => T): T {
    // deno-lint-ignore require-yield
    return this.run(function* () {
      return call();
    }());
  }
}

function hex(addr: Addr): string {
  return `0x${addr.toString(16)}`;
}

function count(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

function protText(prot: number): string {
  return (prot & PROT_READ ? "r" : "-") + (prot & PROT_WRITE ? "w" : "-");
}

function bytesOf(data: Data): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(`${data}\0`) : Uint8Array.from(data);
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function dataText(data: Data): string {
  return typeof data === "string" ? JSON.stringify(data) : bytesText(Uint8Array.from(data));
}
