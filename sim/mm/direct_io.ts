/**
 * Direct I/O: a file is read or written without the page cache, by references to the process's own pages that last as
 * long as the transfer. Models `bio_iov_iter_get_pages()` of block/bio.c, by which a disk is read and written, and FUSE's
 * `fuse_get_user_pages()`: both took plain references first, and pins later, but not from the same release on.
 * Left out: the file, its blocks, and how a transfer is cut up; fs/direct-io.c, of which 6.2 took references and 7.2 pins.
 *
 * @module
 */

import type { Machine, Path } from "../machine.ts";
import type { Addr, Mm } from "../state.ts";
import { FOLL_PIN, FOLL_WRITE } from "../uapi.ts";
import { put_user_pages } from "./gup.ts";
import { get_user_pages_fast } from "./gup_fast.ts";
import { readFrame, set_page_dirty, writeFrame } from "./page.ts";

/**
 * Starts a transfer of `pages` pages. If only the first of them can be had, these are transferred.
 *
 * @param direction a `write` of the file reads memory, a `read` of it writes memory
 * @param disk who transfers: a `loop` device does it by bio
 * @throws Errno EFAULT when not even the first page can be had
 */
export function* directIoStart(
  m: Machine,
  mm: Mm,
  addr: Addr,
  pages: number,
  direction: "read" | "write",
  transfer: string,
  disk: "fuse" | "loop",
): Path<void> {
  const pins = disk === "fuse" ? m.era.fusePins : m.era.bioPins, pin = pins ? FOLL_PIN : 0;
  const write = direction === "read" ? FOLL_WRITE : 0;
  yield* get_user_pages_fast(m, mm, addr, pages, pin | write, transfer);
}

/** Ends a write of the file. @returns the first byte of each page, as the device fetched it; empty without a transfer */
export function directIoFetched(m: Machine, transfer: string): number[] {
  const held = m.state.holds.get(transfer) ?? [];
  const first = held.map(({ pfn }) => readFrame(m.page(pfn), 0, 1)[0]!);
  put_user_pages(m, transfer);
  return first;
}

/** Ends a read of the file: the device delivers pages that begin with `value` and are zero behind. @returns how many */
export function directIoDelivered(m: Machine, transfer: string, value: number): number {
  const held = [...m.state.holds.get(transfer) ?? []];
  for (const { pfn } of held) {
    const page = m.page(pfn);
    const rest = Array<number>(Math.max(page.bytes.length - 1, 0)).fill(0);
    writeFrame(m, page, 0, [value, ...rest], transfer);
    set_page_dirty(m, page);
  }
  put_user_pages(m, transfer);
  return held.length;
}
