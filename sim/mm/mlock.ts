/**
 * Keeping pages in memory. Models mm/mlock.c: a locked mapping is faulted in at once and left alone by reclaim; its pages
 * are shared by fork and copied on a write like any others.
 * Left out: MLOCK_ONFAULT, mlockall, the list of unevictable pages.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { mapsText } from "../address.ts";
import { atomic, type Machine, type Path } from "../machine.ts";
import { type Addr, type Mm, PAGE_SIZE, vmaIndex } from "../state.ts";
import {
  FOLL_FORCE,
  FOLL_WRITE,
  VM_ACCESS_FLAGS,
  VM_IO,
  VM_LOCKED,
  VM_PFNMAP,
  VM_SHARED,
  VM_WRITE,
} from "../uapi.ts";
import { populate_vma_page_range } from "./gup.ts";
import { pageRange } from "./mmap.ts";
import { visitVmas, vma_modify_flags } from "./vma.ts";

/**
 * Locks a range, with the mmap_lock held for write, and then faults it in, with the lock held for read. Models
 * `do_mlock()`.
 *
 * @param memlock RLIMIT_MEMLOCK in pages
 * @throws Errno EINVAL for an unaligned address; ENOMEM above the limit, for a hole (what lies before it is locked, and
 * nothing is faulted in), and for a page that cannot be had (the range stays locked)
 */
export function* do_mlock(
  m: Machine,
  mm: Mm,
  addr: Addr,
  pages: number,
  memlock: number,
): Path<void> {
  const { start, end } = pageRange("mlock", addr, pages);
  const lock = () => {
    const locked = lockedPages(mm) + pages;
    if (locked > memlock) {
      throw new Errno("ENOMEM", `mlock: ${locked} pages, RLIMIT_MEMLOCK is ${memlock}`);
    }
    apply_vma_lock_flags(m, mm, start, end, "mlock", VM_LOCKED);
  };
  yield* m.locked(mm, "write", atomic(lock));
  yield* m.locked(mm, "read", mm_populate(m, mm, start, end));
}

/**
 * Faults in what is mapped of a range by now: a private mapping that may be written is written to, any other read. Models
 * `__mm_populate()`.
 */
function* mm_populate(m: Machine, mm: Mm, start: Addr, end: Addr): Path<void> {
  for (let at = start; at < end;) {
    const vma = mm.vmas[vmaIndex(mm.vmas, at)];
    if (!vma || vma.start >= end) return;
    const from = Math.max(at, vma.start), to = Math.min(vma.end, end);
    if (!(vma.flags & (VM_IO | VM_PFNMAP))) {
      const write = (vma.flags & (VM_WRITE | VM_SHARED)) === VM_WRITE ? FOLL_WRITE : 0;
      const force = vma.flags & VM_ACCESS_FLAGS ? FOLL_FORCE : 0;
      try {
        yield* populate_vma_page_range(m, mm, from, to, write | force);
      } catch (error) {
        if (!(error instanceof Errno) || error.code !== "EFAULT") throw error;
        throw new Errno("ENOMEM", error.message); // POSIX wants this number
      }
    }
    at = to;
  }
}

/** Unlocks a range, with the mmap_lock held for write. @throws Errno EINVAL for an unaligned address; ENOMEM for a hole, what lies before it is unlocked */
export function* sys_munlock(m: Machine, mm: Mm, addr: Addr, pages: number): Path<void> {
  const { start, end } = pageRange("munlock", addr, pages);
  const unlock = () => apply_vma_lock_flags(m, mm, start, end, "munlock", 0);
  yield* m.locked(mm, "write", atomic(unlock));
}

function apply_vma_lock_flags(
  m: Machine,
  mm: Mm,
  start: Addr,
  end: Addr,
  call: string,
  lock: number,
): void {
  const hole = visitVmas(mm, start, end, () => {});
  vma_modify_flags(m, mm, start, hole ?? end, (flags) => flags & ~VM_LOCKED | lock);
  if (hole === undefined) return;
  throw new Errno(
    "ENOMEM",
    `${call}: nothing is mapped at 0x${hole.toString(16)}: ${mapsText(mm)}`,
  );
}

/** `mm->locked_vm`. */
function lockedPages(mm: Mm): number {
  let pages = 0;
  for (const { start, end, flags } of mm.vmas) {
    if (flags & VM_LOCKED) pages += (end - start) / PAGE_SIZE;
  }
  return pages;
}
