/**
 * The bench at which chapters and katas work: a machine with one process and all its calls, and beside it the world
 * outside, which holds pages: drivers, devices, pipes, and the kernel's own daemons.
 *
 * @module
 */

import { bytesOf, Calls, count, type Data, dataWord, hex, textOf } from "./calls.ts";
import { sentence } from "./words.ts";
import { dma_read, dma_write } from "./devices/dma.ts";
import { ib_umem_get } from "./devices/umem.ts";
import { direct_io_delivered, direct_io_fetched, direct_io_start } from "./mm/direct_io.ts";
import { get_user_pages, put_user_pages } from "./mm/gup.ts";
import { io_sqe_buffer_register } from "./mm/io_uring.ts";
import { ksm_do_scan, unmerge_and_remove_all_rmap_items } from "./mm/ksm.ts";
import { access_remote_vm, process_vm_end, process_vm_start } from "./mm/process_vm_access.ts";
import { pipe_read, vmsplice } from "./mm/splice.ts";
import { type Addr, PAGE_SIZE, type Pid } from "./state.ts";
import { FOLL_PIN } from "./uapi.ts";
import { reasonText } from "./view/reason.ts";

/** Who holds the page that process_vm_readv looked up. */
const READER = "reader";

/** A machine at work. Process 1 is alive and maps nothing. */
export class Lab extends Calls {
  /**
   * A driver takes references to the frames behind a process's pages, for `holder` to keep.
   *
   * @param gup_flags FOLL_WRITE, FOLL_FORCE, FOLL_LONGTERM; 0 only reads
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
    const call = gup_flags & FOLL_PIN ? "pin_user_pages" : "get_user_pages";
    const range = `${hex(start)}, ${count(nr_pages, "page")}`;
    this.begin(pid, `${call}(pid ${pid}, ${range}) for ${holder}`);
    const path = get_user_pages(this, this.mm(pid), start, nr_pages, gup_flags, holder);
    return this.run(path).length;
  }

  /** As {@linkcode get_user_pages}, with FOLL_PIN: the references are a device's, and are counted so. */
  pin_user_pages(
    pid: Pid,
    start: Addr,
    nr_pages: number,
    gup_flags: number,
    holder: string,
  ): number {
    return this.get_user_pages(pid, start, nr_pages, gup_flags | FOLL_PIN, holder);
  }

  /** The driver gives back every reference of `holder`: `put_page`, or `unpin_user_page` for a pin. */
  put_pages(holder: string): void {
    this.op(`put_pages(${holder})`);
    this.atomically(() => put_user_pages(this, holder));
  }

  /** Puts a page into a pipe, by reference. @throws Errno EFAULT */
  vmsplice(pid: Pid, addr: Addr, pipe: string = "pipe"): void {
    this.begin(pid, `vmsplice(pid ${pid}, ${hex(addr)}) into ${pipe}`);
    this.run(vmsplice(this, this.mm(pid), addr, pipe));
  }

  /** Reads the text of the next page in a pipe, and drops the pipe's reference; undefined when it is empty. */
  pipeRead(pipe: string = "pipe"): string | undefined {
    this.op(`${pipe} is read`);
    const bytes = this.atomically(() => pipe_read(this, pipe));
    return bytes && textOf(bytes);
  }

  /** The device writes into the pages it holds, `offset` bytes from the start of the first. @throws KernelBug */
  deviceWrite(holder: string, data: Data, offset: number = 0): void {
    const bytes = bytesOf(data);
    this.op(holder, " writes ", dataWord(data, bytes));
    this.atomically(() => dma_write(this, holder, offset, bytes));
  }

  /** The device reads the text in the first page it holds, up to its NUL. @throws KernelBug */
  deviceRead(holder: string): string {
    this.op(`${holder} reads`);
    return textOf(dma_read(this, holder, 0, PAGE_SIZE));
  }

  /**
   * Registers a fixed buffer with io_uring: a long-term pin for writing, all of it or nothing.
   *
   * @throws Errno EFAULT, EBUSY when `buffer` is in use, EOPNOTSUPP where memory of a file is refused
   */
  io_uring_register(pid: Pid, addr: Addr, pages: number, buffer: string): void {
    this.begin(
      pid,
      `io_uring_register(pid ${pid}, ${hex(addr)}, ${count(pages, "page")}) as ${buffer}`,
    );
    this.run(io_sqe_buffer_register(this, this.mm(pid), addr, pages, buffer));
  }

  /** Registers memory with an RDMA adapter; `writable` says what the adapter may do. @throws Errno EFAULT */
  ib_umem_get(pid: Pid, addr: Addr, pages: number, writable: boolean, holder: string): void {
    const range = `${hex(addr)}, ${count(pages, "page")}`;
    this.begin(
      pid,
      `ib_umem_get(pid ${pid}, ${range}${writable ? ", writable" : ""}) for ${holder}`,
    );
    this.run(ib_umem_get(this, this.mm(pid), addr, pages, writable, holder));
  }

  /** Starts direct I/O: a `write` of a file reads memory, a `read` of one writes it. @throws Errno EFAULT */
  directIo(
    pid: Pid,
    addr: Addr,
    pages: number,
    direction: "read" | "write",
    transfer: string,
  ): void {
    this.begin(
      pid,
      `${direction}(pid ${pid}, O_DIRECT, ${hex(addr)}, ${count(pages, "page")}) as ${transfer}`,
    );
    this.run(direct_io_start(this, this.mm(pid), addr, pages, direction, transfer));
  }

  /** The device fetches what a direct write is to write, and lets go. @returns the first byte of each page */
  directFetched(transfer: string): number[] {
    this.op(`${transfer} is fetched`);
    return this.atomically(() => direct_io_fetched(this, transfer));
  }

  /** The device delivers `value` into the first byte of each page of a direct read, and lets go. @returns the pages */
  directDelivered(transfer: string, value: number): number {
    this.op(`${transfer} delivers ${value}`);
    return this.atomically(() => direct_io_delivered(this, transfer, value));
  }

  /** Another process's page is looked up for process_vm_readv, and held until it is copied. @throws Errno EFAULT */
  process_vm_readv(pid: Pid, target: Pid, addr: Addr): void {
    this.begin(pid, `process_vm_readv(pid ${pid}, from pid ${target}, ${hex(addr)})`);
    this.run(process_vm_start(this, this.mm(target), addr, READER));
  }

  /** The remote read copies the page and lets go. @returns its text; undefined when no read is at work */
  remoteRead(): string | undefined {
    this.op(`${READER} copies the page`);
    const bytes = this.atomically(() => process_vm_end(this, READER));
    return bytes && textOf(bytes);
  }

  /** Reads the byte at `addr` through /proc/PID/mem, or writes one, whatever the protection. @throws Errno EIO */
  mem(pid: Pid, addr: Addr, value?: number): number {
    const what = value === undefined ? "reads" : `writes ${value}`;
    this.op(`/proc/${pid}/mem ${what} at ${hex(addr)}`);
    return this.run(access_remote_vm(this, this.mm(pid), addr, value));
  }

  /** The KSM daemon scans all mergeable memory once. @returns whether there is any */
  ksmScan(): boolean {
    this.op("ksmd scans");
    return this.run(ksm_do_scan(this));
  }

  /** KSM breaks up whatever it has merged. */
  ksmUnmerge(): void {
    this.op("ksmd unmerges");
    this.run(unmerge_and_remove_all_rmap_items(this));
  }

  /** The operations so far, a line each. */
  story(): string[] {
    return this.trace.flatMap((event) => event.type === "op" ? [sentence(event)] : []);
  }

  /** What the machine said while it decided, a line each, since the last operation began. */
  reasons(): string[] {
    const last = this.trace.findLastIndex((event) => event.type === "op");
    return this.trace.slice(last).flatMap((event) =>
      event.type === "note" ? [reasonText(event.reason)] : []
    );
  }
}
