// This module is browser compatible.
/**
 * Making, cutting, joining and dropping mappings. Models mm/mmap.c and mm/vma.c.
 * Left out: everything but private anonymous mappings; RLIMIT_AS; the search for a free address.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { type Machine, mapsText } from "../machine.ts";
import {
  type Addr,
  type Mm,
  PAGE_SIZE,
  PROT_READ,
  PROT_WRITE,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYWRITE,
  VM_READ,
  VM_WRITE,
} from "../state.ts";
import { zap_page_range } from "./memory.ts";

/** `calc_vm_prot_bits`. */
export function protFlags(prot: number): number {
  return (prot & PROT_READ ? VM_READ : 0) | (prot & PROT_WRITE ? VM_WRITE : 0);
}

/**
 * A whole range of pages, or the reason against it.
 *
 * @throws Errno EINVAL when `addr` is not page-aligned or `pages` is no whole number
 */
export function pageRange(call: string, addr: Addr, pages: number): { start: Addr; end: Addr } {
  if (addr % PAGE_SIZE !== 0) {
    throw new Errno("EINVAL", `${call}(0x${addr.toString(16)}): the address is not page-aligned`);
  }
  if (!Number.isInteger(pages) || pages < 0) {
    throw new Errno("EINVAL", `${call}: ${pages} is no number of pages`);
  }
  return { start: addr, end: addr + pages * PAGE_SIZE };
}

/**
 * Maps private anonymous memory at exactly `addr`. Models `do_mmap()` with MAP_FIXED_NOREPLACE.
 *
 * @throws Errno EINVAL for an unaligned address or no page, EEXIST when something is mapped there
 */
export function do_mmap(m: Machine, mm: Mm, addr: Addr, pages: number, prot: number): Addr {
  const { start, end } = pageRange("mmap", addr, pages);
  if (pages === 0) throw new Errno("EINVAL", "mmap: the length is 0");
  if (mm.vmas.some((vma) => vma.start < end && start < vma.end)) {
    throw new Errno("EEXIST", `mmap(0x${addr.toString(16)}): already mapped: ${mapsText(mm)}`);
  }
  const flags = protFlags(prot) | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
  m.emit({ type: "vma_insert", mm: mm.id, vma: { start, end, flags, anonVma: 0 } });
  vma_merge(m, mm, start);
  vma_merge(m, mm, end);
  return addr;
}

/** Unmaps a range; what was not mapped stays so. Models `do_munmap()`. */
export function do_munmap(m: Machine, mm: Mm, addr: Addr, pages: number): void {
  const { start, end } = pageRange("munmap", addr, pages);
  if (pages === 0) throw new Errno("EINVAL", "munmap: the length is 0");
  split_vma(m, mm, start);
  split_vma(m, mm, end);
  zap_page_range(m, mm, start, end);
  for (const vma of mm.vmas.filter((vma) => vma.start >= start && vma.end <= end)) {
    m.emit({ type: "vma_remove", mm: mm.id, start: vma.start });
  }
}

/** Cuts the VMA that lies across `addr` in two. Models `split_vma()`. */
export function split_vma(m: Machine, mm: Mm, addr: Addr): void {
  const vma = m.vma(mm, addr);
  if (!vma || vma.start === addr) return;
  m.emit({ type: "vma_remove", mm: mm.id, start: vma.start });
  m.emit({ type: "vma_insert", mm: mm.id, vma: { ...vma, end: addr } });
  m.emit({ type: "vma_insert", mm: mm.id, vma: { ...vma, start: addr } });
}

/** Joins the two VMAs that meet at `addr` when their flags agree, and their anon_vma or one has none. Models `vma_merge()`. */
export function vma_merge(m: Machine, mm: Mm, addr: Addr): void {
  const left = m.vma(mm, addr - 1), right = m.vma(mm, addr);
  if (!left || !right || left === right || left.flags !== right.flags) return;
  if (left.anonVma && right.anonVma && left.anonVma !== right.anonVma) return;
  const anonVma = left.anonVma || right.anonVma;
  m.emit({ type: "vma_remove", mm: mm.id, start: left.start });
  m.emit({ type: "vma_remove", mm: mm.id, start: right.start });
  m.emit({ type: "vma_insert", mm: mm.id, vma: { ...left, end: right.end, anonVma } });
}
