// This module is browser compatible.
/**
 * Advice, some of which is an order: MADV_DONTNEED drops pages, MADV_DONTFORK keeps them from a child. Models mm/madvise.c.
 * Left out: every advice that is not about fork or about dropping pages.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { type Machine, mapsText } from "../machine.ts";
import { type Addr, type Mm, PAGE_SIZE, type Vma } from "../state.ts";
import {
  MADV_COPYONFORK,
  MADV_DOFORK,
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_KEEPONFORK,
  MADV_NORMAL,
  MADV_WIPEONFORK,
  VM_COPYONFORK,
  VM_DONTCOPY,
  VM_IO,
  VM_LOCKED,
  VM_PFNMAP,
  VM_SHARED,
  VM_WIPEONFORK,
} from "../uapi.ts";
import { zap_page_range } from "./memory.ts";
import { pageRange } from "./mmap.ts";
import { visitVmas, vma_modify_flags } from "./vma.ts";

/** The largest address, above which a range wraps; 64-bit, as far as a number is exact. */
const TASK_SIZE = Number.MAX_SAFE_INTEGER;

/**
 * Takes advice on `length` bytes from `start`, rounded up to whole pages. Models `do_madvise()`.
 *
 * A hole in the range is an error only at the end: what is mapped behind it has taken the advice. Any other error stops
 * at once.
 *
 * @throws Errno EINVAL for an unknown advice, an unaligned address, a range that wraps, or a mapping that refuses;
 * ENOMEM for a hole
 */
export function do_madvise(
  m: Machine,
  mm: Mm,
  start: Addr,
  length: number,
  advice: number,
): void {
  const refuse = refusals.get(advice);
  const unknown = advice === MADV_COPYONFORK && !m.proposals.MADV_COPYONFORK;
  if (!refuse || unknown) throw new Errno("EINVAL", `madvise: ${advice} is no advice`);
  if (start % PAGE_SIZE !== 0) {
    throw new Errno("EINVAL", `madvise(0x${start.toString(16)}): the address is not page-aligned`);
  }
  const end = start + Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
  if (length < 0 || end > TASK_SIZE) throw new Errno("EINVAL", "madvise: the range wraps");
  if (end === start) return;
  const hole = visitVmas(mm, start, end, (vma, from, to) => {
    const why = refuse(vma);
    if (why) throw new Errno("EINVAL", `madvise(${hex(from)}, ${advice}): ${why}`);
    if (advice === MADV_DONTNEED) zap_page_range(m, mm, from, to);
    else vma_modify_flags(m, mm, from, to, (flags) => advised(flags, advice));
  });
  if (hole !== undefined) {
    throw new Errno(
      "ENOMEM",
      `madvise(${hex(start)}-${hex(end)}): not all mapped: ${mapsText(mm)}`,
    );
  }
}

/** Every advice that is known, and why a mapping refuses it. Models `madvise_vma_behavior()`. */
const refusals = new Map<number, (vma: Vma) => string | undefined>([
  [MADV_NORMAL, () => undefined],
  [
    MADV_DONTNEED,
    ({ flags }) =>
      flags & (VM_LOCKED | VM_PFNMAP) ? "the mapping is locked, or a device's" : undefined,
  ],
  [MADV_DONTFORK, () => undefined],
  // The mapping's driver has set VM_DONTCOPY itself, and its user may not undo it.
  [MADV_DOFORK, ({ flags }) => flags & VM_IO ? "the mapping is a device's" : undefined],
  [
    MADV_WIPEONFORK,
    ({ flags, object }) =>
      object || flags & VM_SHARED ? "the mapping is not private memory" : undefined,
  ],
  [MADV_KEEPONFORK, () => undefined],
  [MADV_COPYONFORK, () => undefined],
]);

function advised(flags: number, advice: number): number {
  switch (advice) {
    case MADV_DONTFORK:
      return flags | VM_DONTCOPY;
    case MADV_COPYONFORK:
      return flags | VM_COPYONFORK;
    case MADV_DOFORK:
      return flags & ~VM_DONTCOPY;
    case MADV_WIPEONFORK:
      return flags | VM_WIPEONFORK;
    case MADV_KEEPONFORK:
      return flags & ~VM_WIPEONFORK;
    default:
      return flags;
  }
}

/**
 * The system call that was thought of before everything else: marks whole pages as not to be copied, or takes the mark
 * away. Who asked how often, its users would have counted.
 *
 * @throws Errno ENOSYS on a kernel that was not patched, EINVAL for an unaligned address, ENOMEM for a hole
 */
export function sys_mark_nocopy(
  m: Machine,
  mm: Mm,
  addr: Addr,
  pages: number,
  mark: boolean,
): void {
  if (!m.proposals.sys_mark_nocopy) throw new Errno("ENOSYS", "sys_mark_nocopy: no such call");
  const { start, end } = pageRange("sys_mark_nocopy", addr, pages);
  const change = (flags: number) => mark ? flags | VM_DONTCOPY : flags & ~VM_DONTCOPY;
  const hole = vma_modify_flags(m, mm, start, end, change);
  if (hole === undefined) return;
  throw new Errno("ENOMEM", `sys_mark_nocopy: nothing is mapped at ${hex(hole)}: ${mapsText(mm)}`);
}

function hex(addr: Addr): string {
  return `0x${addr.toString(16)}`;
}
