// This module is browser compatible.
/**
 * How a driver gets at the frames behind a process's addresses. Models mm/gup.c, the slow path.
 * Left out: gup-fast, FOLL_FORCE, FOLL_LONGTERM, remote address spaces.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { type Machine, mapsText, type Path } from "../machine.ts";
import {
  type Addr,
  FOLL_PIN,
  FOLL_WRITE,
  type Frame,
  GUP_PIN_COUNTING_BIAS,
  type Mm,
  PAGE_SIZE,
  type Pfn,
  VM_READ,
  VM_WRITE,
} from "../state.ts";
import { FAULT_FLAG_UNSHARE, FAULT_FLAG_WRITE, handle_mm_fault } from "./memory.ts";

/**
 * Takes a reference to each frame behind `nr_pages` pages at `start`, faulting them in first where it must.
 *
 * Models `__get_user_pages()`. Holds the mmap_lock for read, so fork stays out; the page-table lock is dropped for
 * each fault, and afterwards the entry is looked up again.
 *
 * @param gup_flags FOLL_WRITE: the holder may write, so a shared frame is copied first. FOLL_PIN: counted as a pin
 * where the era counts pins, else a plain reference
 * @param holder who keeps the references, for the state and its pictures
 * @returns the frames, fewer than `nr_pages` when a later page cannot be had
 * @throws Errno EFAULT when not even the first can
 */
export function* get_user_pages(
  m: Machine,
  mm: Mm,
  start: Addr,
  nr_pages: number,
  gup_flags: number,
  holder: string,
): Path<Pfn[]> {
  const pinning = (gup_flags & FOLL_PIN) !== 0 && m.era.countsPins;
  if (pinning && !mm.hasPinned) m.emit({ type: "has_pinned", mm: mm.id });
  const refs = pinning ? GUP_PIN_COUNTING_BIAS : 1;
  const pfns: Pfn[] = [];
  for (let i = 0; i < nr_pages; i++) {
    const page = yield* faultin_page(m, mm, start + i * PAGE_SIZE, gup_flags);
    if (!page) break;
    m.emit({ type: "get", pfn: page.pfn, refs, holder });
    pfns.push(page.pfn);
  }
  if (pfns.length === 0 && nr_pages > 0) {
    const kind = gup_flags & FOLL_WRITE ? "writable" : "readable";
    const call = `get_user_pages(0x${start.toString(16)})`;
    throw new Errno("EFAULT", `${call}: no ${kind} VMA covers this address: ${mapsText(mm)}`);
  }
  return pfns;
}

/** Looks the entry up, and takes faults until it is one that may be referenced. Undefined: the address is bad. */
function* faultin_page(m: Machine, mm: Mm, addr: Addr, gup_flags: number): Path<Frame | undefined> {
  const write = (gup_flags & FOLL_WRITE) !== 0 || m.era.gupMustBreakCow(gup_flags);
  for (;;) {
    const vma = m.vma(mm, addr);
    if (!vma || !(vma.flags & (gup_flags & FOLL_WRITE ? VM_WRITE : VM_READ))) return undefined;
    const found = follow_page_pte(m, mm, addr, gup_flags, write);
    if (typeof found !== "number") return found;
    if ((yield* handle_mm_fault(m, mm, addr, found)) === "VM_FAULT_SIGSEGV") return undefined;
    yield;
  }
}

/** The frame, or the flags of the fault that must come first. Models `follow_page_pte()`. */
function follow_page_pte(
  m: Machine,
  mm: Mm,
  addr: Addr,
  gup_flags: number,
  write: boolean,
): Frame | number {
  const pte = m.pte(mm, addr);
  if (!pte) return write ? FAULT_FLAG_WRITE : 0;
  if (write && !pte.writable) return FAULT_FLAG_WRITE;
  const page = m.page(pte.pfn);
  return m.era.gupMustUnshare(page, pte, gup_flags) ? FAULT_FLAG_UNSHARE : page;
}

/** Gives back every reference that `holder` has. Linux: `put_page()`, or `unpin_user_page()` for a pin. */
export function put_user_pages(m: Machine, holder: string): void {
  for (const { pfn, refs } of [...m.state.holds.get(holder) ?? []]) {
    m.emit({ type: "put", pfn, refs, holder });
  }
}
