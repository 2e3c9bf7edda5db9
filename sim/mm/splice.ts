/**
 * A pipe that is given pages instead of bytes. Models vmsplice of fs/splice.c.
 * Left out: SPLICE_F_GIFT, the pipe's size, parts of pages.
 *
 * @module
 */

import { type Machine, type Path } from "../machine.ts";
import { type Addr, type Mm, PAGE_SIZE } from "../state.ts";
import { get_user_pages_fast } from "./gup_fast.ts";
import { readFrame } from "./page.ts";

/**
 * Puts a page into a pipe: by a plain read-only reference in every kernel up to 7.2, so that the pipe shows what is
 * written to the frame later. @throws Errno EFAULT
 */
export function* vmsplice(m: Machine, mm: Mm, addr: Addr, pipe: string): Path<void> {
  yield* get_user_pages_fast(m, mm, addr, 1, 0, pipe);
}

/** Reads a page from the pipe, first in, first out, and drops the pipe's reference. Undefined: the pipe is empty. */
export function pipe_read(m: Machine, pipe: string): Uint8Array | undefined {
  const hold = m.state.holds.get(pipe)?.[0];
  if (!hold) return undefined;
  const bytes = readFrame(m.page(hold.pfn), 0, PAGE_SIZE);
  m.emit({ type: "put", pfn: hold.pfn, refs: hold.refs, holder: pipe });
  return bytes;
}
