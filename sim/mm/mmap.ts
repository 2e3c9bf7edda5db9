/**
 * Making and dropping mappings, and the heap. Models mm/mmap.c.
 * Left out: RLIMIT_AS, the search for a free address: a mapping goes exactly where it is asked for.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { mapsText, offset_in_page, vpnOf } from "../address.ts";
import { atomic, type Machine, type Path } from "../machine.ts";
import { type Addr, type Mm, type ObjectId, PAGE_SIZE, START_BRK, TASK_SIZE } from "../state.ts";
import {
  MAP_DONTCOPY,
  MAP_FIXED,
  MAP_GROWSDOWN,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_ALWAYSCOPY,
  PROT_DONTCOPY,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  VM_ACCOUNT,
  VM_COPYONFORK,
  VM_DONTCOPY,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
} from "../uapi.ts";
import { newObject } from "./filemap.ts";
import { zap_page_range } from "./memory.ts";
import { insertVma, removeVmas } from "./vma.ts";

/** What a protection means as `vm_flags`, `calc_vm_prot_bits`; with the proposals of 2005, their bits as well. */
export function calc_vm_prot_bits(m: Machine, prot: number): number {
  return (prot & PROT_READ ? VM_READ : 0) | (prot & PROT_WRITE ? VM_WRITE : 0) |
    (prot & PROT_EXEC ? VM_EXEC : 0) |
    (m.proposals.PROT_DONTCOPY && prot & PROT_DONTCOPY ? VM_DONTCOPY : 0) |
    (m.proposals.PROT_ALWAYSCOPY && prot & PROT_ALWAYSCOPY ? VM_COPYONFORK : 0);
}

/**
 * The range of a call that takes whole pages.
 *
 * @throws Errno EINVAL when `addr` is not page-aligned
 */
export function pageRange(call: string, addr: Addr, pages: number): { start: Addr; end: Addr } {
  if (offset_in_page(addr) !== 0) {
    throw new Errno("EINVAL", `${call}(0x${addr.toString(16)}): the address is not page-aligned`);
  }
  return { start: addr, end: addr + pages * PAGE_SIZE };
}

/** What a call is told whose range reaches into the kernel's half. */
export function beyond(call: string, end: Addr): string {
  return `${call}: the range ends at 0x${end.toString(16)}, the process's addresses at 0x${
    TASK_SIZE.toString(16)
  }`;
}

/** What a mapping of a file or of a device shows, and the flags that a driver sets on a mapping of its own pages. */
export interface Backing {
  /** The file's or the driver's pages, mapped from the first. */
  readonly object: ObjectId;
  /** VM_IO, VM_PFNMAP and so on; 0 for a file. */
  readonly flags: number;
}

/**
 * Maps memory at exactly `addr`, with the mmap_lock held for write. Models `vm_mmap()` with MAP_FIXED_NOREPLACE, or with
 * MAP_FIXED.
 *
 * @param prot a bit that this kernel does not know is ignored, and nobody told; mprotect refuses it
 * @param flags MAP_PRIVATE or MAP_SHARED; MAP_GROWSDOWN; MAP_FIXED: in place of what is mapped there
 * @param backing a file or a driver's pages; otherwise the memory is anonymous
 * @throws Errno EINVAL for an unaligned address or no page, ENOMEM beyond TASK_SIZE, EEXIST when something is mapped there
 */
export function vm_mmap(
  m: Machine,
  mm: Mm,
  addr: Addr,
  pages: number,
  prot: number,
  flags: number,
  backing?: Backing,
): Path<Addr> {
  return m.locked(mm, "write", atomic(() => do_mmap(m, mm, addr, pages, prot, flags, backing)));
}

function do_mmap(
  m: Machine,
  mm: Mm,
  addr: Addr,
  pages: number,
  prot: number,
  flags: number,
  backing?: Backing,
): Addr {
  const { start, end } = pageRange("mmap", addr, pages);
  if (pages === 0) throw new Errno("EINVAL", "mmap: the length is 0");
  if (end > TASK_SIZE) throw new Errno("ENOMEM", beyond("mmap", end));
  if (flags & MAP_FIXED) do_munmap(m, mm, addr, pages);
  if (mm.vmas.some((vma) => vma.start < end && start < vma.end)) {
    throw new Errno("EEXIST", `mmap(0x${addr.toString(16)}): already mapped: ${mapsText(mm)}`);
  }
  const shared = (flags & MAP_SHARED) !== 0;
  const object = backing?.object ?? (shared ? newObject(m, "shmem", pages) : 0);
  const bits = calc_vm_prot_bits(m, prot) | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC |
    (shared ? VM_SHARED | VM_MAYSHARE : prot & PROT_WRITE ? VM_ACCOUNT : 0) |
    (flags & MAP_GROWSDOWN ? VM_GROWSDOWN : 0) |
    (m.proposals.MAP_DONTCOPY && flags & MAP_DONTCOPY ? VM_DONTCOPY : 0) | (backing?.flags ?? 0);
  const pgoff = object ? 0 : vpnOf(start);
  insertVma(m, mm, { start, end, flags: bits, anonVma: 0, object, pgoff, cloned: false });
  return addr;
}

/** The system call munmap, with the mmap_lock held for write. @throws Errno EINVAL */
export function vm_munmap(m: Machine, mm: Mm, addr: Addr, pages: number): Path<void> {
  return m.locked(mm, "write", atomic(() => do_munmap(m, mm, addr, pages)));
}

/** Unmaps a range; what was not mapped stays so. The caller holds the mmap_lock for write. @throws Errno EINVAL */
export function do_munmap(m: Machine, mm: Mm, addr: Addr, pages: number): void {
  const { start, end } = pageRange("munmap", addr, pages);
  if (pages === 0) throw new Errno("EINVAL", "munmap: the length is 0");
  if (end > TASK_SIZE) throw new Errno("EINVAL", beyond("munmap", end));
  zap_page_range(m, mm, start, end);
  removeVmas(m, mm, start, end);
}

/**
 * Moves the end of the heap; what lies above it is unmapped, what lies below is private memory. The mmap_lock
 * is held for write. Models `sys_brk()`.
 *
 * @returns the end of the heap, which is where it was when the call could not have its way, as Linux answers
 */
export function sys_brk(m: Machine, mm: Mm, brk: Addr): Path<Addr> {
  return m.locked(mm, "write", atomic(() => do_brk(m, mm, brk)));
}

function do_brk(m: Machine, mm: Mm, brk: Addr): Addr {
  const old = pageAlign(mm.brk), now = pageAlign(brk);
  if (brk < START_BRK || brk > TASK_SIZE) return mm.brk;
  if (now < old) do_munmap(m, mm, now, vpnOf(old - now));
  if (now > old) {
    if (mm.vmas.some((vma) => vma.start < now && old < vma.end)) return mm.brk;
    do_mmap(m, mm, old, vpnOf(now - old), PROT_READ | PROT_WRITE, MAP_PRIVATE);
  }
  m.emit({ type: "brk", mm: mm.id, brk });
  return brk;
}

function pageAlign(addr: Addr): Addr {
  return Math.ceil(addr / PAGE_SIZE) * PAGE_SIZE;
}
