/**
 * Fixed buffers: a process registers memory with io_uring, which holds it until it is told not to. Models
 * io_uring/rsrc.c. The way for a program to hold FOLL_PIN | FOLL_WRITE | FOLL_LONGTERM. A pin that only reads is not
 * io_uring's, which always asks to write, but stands for another holder's, as mm/gup_test.c takes it.
 * Left out: the rings, RLIMIT_MEMLOCK.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import type { Machine, Path } from "../machine.ts";
import { type Addr, type Mm, PAGE_SIZE } from "../state.ts";
import { FOLL_LONGTERM, FOLL_PIN, FOLL_WRITE } from "../uapi.ts";
import { get_user_pages, put_user_pages } from "./gup.ts";
import { get_user_pages_fast } from "./gup_fast.ts";

/** `io_buffer_validate()`: a buffer of no byte, or of more than a GiB, is refused. */
const MOST_PAGES = 2 ** 30 / PAGE_SIZE;

/**
 * Registers `pages` pages as a buffer, all of them or none; what was faulted in on the way stays.
 *
 * @param gup_flags what is asked for beside FOLL_PIN: FOLL_WRITE | FOLL_LONGTERM for a real fixed buffer
 * @param fast by gup-fast, as drivers do
 * @throws Errno EBUSY when the buffer is in use, EFAULT for a page that cannot be had, EOPNOTSUPP for writing to memory
 * that is not private and anonymous, where the kernel's io_uring refuses that
 */
export function* io_sqe_buffer_register(
  m: Machine,
  mm: Mm,
  addr: Addr,
  pages: number,
  buffer: string,
  gup_flags: number = FOLL_WRITE | FOLL_LONGTERM,
  fast: boolean = false,
): Path<void> {
  const what = `register(0x${addr.toString(16)}, ${pages} pages)`;
  if (m.state.holds.has(buffer)) {
    throw new Errno("EBUSY", `${what}: ${buffer} is in use`);
  }
  if (pages === 0 || pages > MOST_PAGES) {
    throw new Errno("EFAULT", `${what}: a buffer has 1 to ${MOST_PAGES} pages`);
  }
  const gup = fast ? get_user_pages_fast : get_user_pages;
  const got = yield* gup(m, mm, addr, pages, gup_flags | FOLL_PIN, buffer);
  const ofFile = got.some((_, i) => m.vma(mm, addr + i * PAGE_SIZE)?.object); // not, where nobody maps it any more
  const refused = ofFile && (gup_flags & FOLL_WRITE) !== 0 && m.era.refusesFileBuffers;
  if (got.length === pages && !refused) return;
  put_user_pages(m, buffer);
  if (got.length < pages) {
    throw new Errno("EFAULT", `${what}: only ${got.length} pages can be had`);
  }
  throw new Errno("EOPNOTSUPP", `${what}: a file or shared memory backs it`);
}
