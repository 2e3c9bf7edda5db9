/**
 * One process reads another's memory: process_vm_readv of mm/process_vm_access.c, by a short-term pin where there are
 * pins; ptrace and /proc/PID/mem, by FOLL_FORCE, which overrides protections.
 * Left out: writing by process_vm_writev, who may do this to whom.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { offset_in_page } from "../address.ts";
import type { Machine, Path } from "../machine.ts";
import { type Addr, type Mm, PAGE_SIZE, type Pfn } from "../state.ts";
import { FOLL_FORCE, FOLL_PIN, FOLL_WRITE } from "../uapi.ts";
import { get_user_pages, put_user_pages } from "./gup.ts";
import { readFrame, set_page_dirty, writeFrame } from "./page.ts";

/** Takes the reference with which a remote read begins. @throws Errno EFAULT, EBUSY when this reader is at work */
export function* processVmStart(m: Machine, mm: Mm, addr: Addr, reader: string): Path<void> {
  if (m.state.holds.has(reader)) throw new Errno("EBUSY", `process_vm_readv: ${reader} is at work`);
  yield* get_user_pages(m, mm, addr, 1, FOLL_PIN, reader);
}

/** Copies the page out and ends the remote read. Undefined: there is none. */
export function processVmEnd(m: Machine, reader: string): Uint8Array | undefined {
  const hold = m.state.holds.get(reader)?.[0];
  if (!hold) return undefined;
  const bytes = readFrame(m.page(hold.pfn), 0, PAGE_SIZE);
  put_user_pages(m, reader);
  return bytes;
}

/**
 * Reads or writes one byte of a process through /proc/PID/mem, or as a debugger does. Models `mem_rw()` and
 * `access_remote_vm()`.
 *
 * @returns the byte that is there afterwards
 * @throws Errno EIO, whatever the reason
 */
export function* access_remote_vm(
  m: Machine,
  mm: Mm,
  addr: Addr,
  value?: number,
): Path<number> {
  const at = offset_in_page(addr), page = addr - at;
  const force = m.build.refusesForce ? 0 : FOLL_FORCE;
  const holder = `/proc/mem ${mm.id}`;
  let pfn: Pfn;
  try {
    [pfn = 0] = yield* get_user_pages(
      m,
      mm,
      page,
      1,
      force | (value === undefined ? 0 : FOLL_WRITE),
      holder,
    );
  } catch (error) {
    if (error instanceof Errno) throw new Errno("EIO", error.message);
    throw error;
  }
  if (value !== undefined) {
    const page = m.page(pfn);
    writeFrame(m, page, at, [value], mm.id);
    set_page_dirty(m, page);
  }
  const [byte] = readFrame(m.page(pfn), at, 1);
  put_user_pages(m, holder);
  return byte!;
}
