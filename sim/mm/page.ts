/**
 * Counts, references and contents of a frame. Models include/linux/mm.h and mm/page_alloc.c.
 * Left out: large folios, whose pins are counted apart; the LRU and its batches, which hold references for a while.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import type { Machine } from "../machine.ts";
import { type Contents, type Frame, type MmId, PAGE_SIZE, PageAnon, type Pfn } from "../state.ts";

/** The flag `PG_anon_exclusive`. */
export function PageAnonExclusive(page: Frame): boolean {
  return page.anonExclusive;
}

/** Sets the flag, in eras that keep it. */
export function SetPageAnonExclusive(m: Machine, page: Frame): void {
  if (m.era.anonExclusive && !page.anonExclusive) {
    m.emit({ type: "exclusive", pfn: page.pfn, value: true });
  }
}

/**
 * Allocates a frame, zeroed or a copy of `from`; its one reference is the caller's until it is mapped.
 *
 * @throws Errno ENOMEM
 */
export function alloc_page(m: Machine, from?: Pfn): Frame {
  if (m.state.frames.size > m.memory) {
    throw new Errno("ENOMEM", `alloc_page: all ${m.memory} frames are in use`);
  }
  const pfn = m.state.nextPfn;
  m.emit({ type: "alloc", pfn, from });
  return m.page(pfn);
}

/** Gives a frame back that was allocated and never mapped. */
export function free_page(m: Machine, pfn: Pfn): void {
  m.emit({ type: "free", pfn });
}

/** Marks private memory that somebody has written without a page-table entry. Models `set_page_dirty()`. */
export function set_page_dirty(m: Machine, page: Frame): void {
  if (PageAnon(page) && !page.dirty) m.emit({ type: "page_dirty", pfn: page.pfn, value: true });
}

/** Reads `length` bytes at `offset` of a frame; what was never written is zero. */
export function readFrame(page: Frame, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length), end = Math.min(offset + length, page.bytes.length);
  for (let at = offset; at < end; at++) bytes[at - offset] = page.bytes[at]!;
  return bytes;
}

/**
 * Writes into a frame. The caller has cut the bytes at the page's end, and gives them away: they are the trace's now.
 *
 * @param by the address space, or the holder, that writes; nobody's where the kernel fills a page
 */
export function writeFrame(
  m: Machine,
  page: Frame,
  offset: number,
  bytes: Contents,
  by?: MmId | string,
): void {
  if (offset + bytes.length > PAGE_SIZE) throw new RangeError(`a page has ${PAGE_SIZE} bytes`);
  m.emit({ type: "store", pfn: page.pfn, offset, bytes, ...by !== undefined && { by } });
}
