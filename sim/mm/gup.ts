/**
 * How a driver gets at the frames behind a process's addresses. Models mm/gup.c, the slow path; `gup_fast.ts` has the
 * other one.
 * Left out: FOLL_LONGTERM's refusal of files and its migration out of CMA.
 *
 * @module
 */

import { Errno, KernelBug } from "../errno.ts";
import { mapsText, vpnOf } from "../address.ts";
import type { Machine, Path } from "../machine.ts";
import {
  type Addr,
  type Frame,
  type Mm,
  PAGE_SIZE,
  type Pfn,
  type Pte,
  type Vma,
  ZERO_PFN,
} from "../state.ts";
import {
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
  FOLL_FORCE,
  FOLL_PIN,
  FOLL_WRITE,
  GUP_PIN_COUNTING_BIAS,
  is_cow_mapping,
  VM_COPYONFORK,
  VM_IO,
  VM_LOCKED,
  VM_MAYREAD,
  VM_PFNMAP,
  VM_READ,
  VM_WRITE,
} from "../uapi.ts";
import { handle_mm_fault, pte_same } from "./memory.ts";
import { vma_modify_flags } from "./vma.ts";

/**
 * Takes a reference to each frame behind `nr_pages` pages at `start`, faulting them in first where it must.
 *
 * Models `get_user_pages_unlocked()`: the mmap_lock is held for read, so that fork stays out; for write, where it was
 * proposed that every caller do so. The page-table lock is dropped for each fault, and afterwards the entry is looked up
 * again.
 *
 * @param gup_flags FOLL_WRITE: the holder may write, so a shared frame is copied first. FOLL_PIN: counted as a pin
 * where the era counts pins, else a plain reference. FOLL_FORCE: a private mapping may be written though its protection
 * forbids it, as a debugger does
 * @param holder who keeps the references, for the state and its pictures
 * @returns the frames, fewer than `nr_pages` when a later page cannot be had
 * @throws Errno EFAULT when not even the first can
 */
export function get_user_pages(
  m: Machine,
  mm: Mm,
  start: Addr,
  nr_pages: number,
  gup_flags: number,
  holder: string,
): Path<Pfn[]> {
  const mode = m.proposals.VM_COPYONFORK === "held for write" ? "write" : "read";
  return m.locked(mm, mode, __get_user_pages(m, mm, start, nr_pages, gup_flags, holder));
}

function* __get_user_pages(
  m: Machine,
  mm: Mm,
  start: Addr,
  nr_pages: number,
  gup_flags: number,
  holder: string,
): Path<Pfn[]> {
  const refs = mm_set_has_pinned_flag(m, mm, gup_flags);
  if (gup_flags & FOLL_WRITE && m.proposals.VM_COPYONFORK) {
    m.note({ at: "get_user_pages", mmapLock: m.proposals.VM_COPYONFORK });
    vma_modify_flags(m, mm, start, start + nr_pages * PAGE_SIZE, (flags) => flags | VM_COPYONFORK);
  }
  const pfns: Pfn[] = [];
  for (let i = 0; i < nr_pages; i++) {
    const page = yield* faultin_page(m, mm, start + i * PAGE_SIZE, gup_flags);
    if (!page) break;
    const given = { mm: mm.id, vpn: vpnOf(start) + i };
    m.emit({ type: "get", pfn: page.pfn, refs, holder, given });
    pfns.push(page.pfn);
  }
  if (pfns.length === 0 && nr_pages > 0) {
    const why = refusal(m.vma(mm, start), gup_flags);
    throw new Errno("EFAULT", `get_user_pages(0x${start.toString(16)}): ${why}: ${mapsText(mm)}`);
  }
  return pfns;
}

/**
 * Marks an address space before the first pin of it is counted: fork, which asks for the mark first, must not miss one.
 * Models `mm_set_has_pinned_flag()`.
 *
 * @returns how much of a frame's refcount each reference will be
 */
export function mm_set_has_pinned_flag(m: Machine, mm: Mm, gup_flags: number): number {
  if (!(gup_flags & FOLL_PIN) || !m.era.countsPins) return 1;
  if (!mm.hasPinned) m.emit({ type: "has_pinned", mm: mm.id });
  return GUP_PIN_COUNTING_BIAS;
}

/**
 * May these pages be referenced at all? Models `check_vma_flags()`: not what has no struct page behind it, and not for
 * writing where only FOLL_FORCE on a private mapping may.
 */
function check_vma_flags(vma: Vma | undefined, gup_flags: number): vma is Vma {
  if (!vma || vma.flags & (VM_IO | VM_PFNMAP)) return false;
  const force = (gup_flags & FOLL_FORCE) !== 0;
  if (!(gup_flags & FOLL_WRITE)) return (vma.flags & (force ? VM_MAYREAD : VM_READ)) !== 0;
  return (vma.flags & VM_WRITE) !== 0 || force && is_cow_mapping(vma.flags);
}

function refusal(vma: Vma | undefined, gup_flags: number): string {
  if (vma && vma.flags & (VM_IO | VM_PFNMAP)) return "the VMA is a device's own memory";
  const kind = gup_flags & FOLL_WRITE ? "writable" : "readable";
  return `no ${kind} VMA covers this address`;
}

/** Looks the entry up, and takes faults until it is one that may be referenced. Undefined: the address is bad. */
function* faultin_page(m: Machine, mm: Mm, addr: Addr, gup_flags: number): Path<Frame | undefined> {
  let asked = gup_flags, copied = false;
  for (;;) {
    const vma = m.vma(mm, addr);
    if (!check_vma_flags(vma, gup_flags)) return undefined;
    yield* m.pteLock(mm);
    const found = follow_page_pte(m, mm, vma, addr, asked, copied);
    if (typeof found !== "number") return found;
    const before = m.pte(mm, addr);
    const fault = yield* handle_mm_fault(m, mm, addr, found, true); // check_vma_flags() has asked already
    if (fault !== "VM_FAULT_NOPAGE") return undefined;
    if (found === FAULT_FLAG_WRITE && m.pte(mm, addr)?.dirty) { // VM_FAULT_WRITE: the page is there, nobody was faster
      copied = true; // FOLL_COW
      if (m.era.forcedWrite === "forgets" && !(vma.flags & VM_WRITE)) asked &= ~FOLL_WRITE;
    }
    const changed = !before || !pte_same(m.pte(mm, addr), before) ||
      follow_page_pte(m, mm, vma, addr, asked, copied) !== found;
    if (!changed) livelock(m, addr, found);
    yield;
  }
}

/** The rules of an era may not fit each other: the kernel would take the same fault until somebody pulled the plug. */
function livelock(m: Machine, addr: Addr, flags: number): never {
  const fault = flags & FAULT_FLAG_UNSHARE ? "an unsharing fault" : "a write fault";
  throw new KernelBug(
    `get_user_pages(0x${addr.toString(16)}) asks for ${fault} by the rules of ${m.era.name}, ` +
      "which changes nothing, and asks for it again",
  );
}

/**
 * The frame, or the flags of the fault that must come first. Models `follow_page_pte()`.
 *
 * @param copied a write fault has broken the sharing; in a mapping that may not be written its entry is read-only
 */
function follow_page_pte(
  m: Machine,
  mm: Mm,
  vma: Vma,
  addr: Addr,
  gup_flags: number,
  copied: boolean,
): Frame | number {
  const cow = is_cow_mapping(vma.flags);
  const write = (gup_flags & FOLL_WRITE) !== 0 || cow && m.era.gupMustBreakCow(gup_flags);
  const pte = m.pte(mm, addr);
  if (!pte) {
    if (write) return FAULT_FLAG_WRITE;
    return use_zero_page(m, mm, vma, addr) ? m.page(ZERO_PFN) : 0;
  }
  const page = m.page(pte.pfn);
  if (write && !pte.writable && !can_follow_write_pte(m, page, pte, vma, gup_flags, copied)) {
    return FAULT_FLAG_WRITE;
  }
  return cow && m.era.gupMustUnshare(page, pte, gup_flags) ? FAULT_FLAG_UNSHARE : page;
}

/**
 * Is a reader of memory that was never written handed the zero page, and nothing mapped? Not where it is locked. Models
 * `use_zero_page()`; see {@linkcode Era.zeroPage}.
 */
function use_zero_page(m: Machine, mm: Mm, vma: Vma, addr: Addr): boolean {
  return m.era.zeroPage === "referenced" && !vma.object && !(vma.flags & VM_LOCKED) &&
    !mm.swapPtes.has(vpnOf(addr));
}

/**
 * May a write go through an entry that is read-only, in a mapping that may not be written? By FOLL_FORCE to an exclusive
 * frame; before that, to what a write fault of this very call has left there, whose entry is dirty: what somebody has put
 * in its place meanwhile is clean. Models `can_follow_write_pte()`; see {@linkcode Era.forcedWrite}.
 */
function can_follow_write_pte(
  m: Machine,
  page: Frame,
  pte: Pte,
  vma: Vma,
  gup_flags: number,
  copied: boolean,
): boolean {
  if (vma.flags & VM_WRITE) return false;
  if (m.era.forcedWrite !== "exclusive") return copied && pte.dirty;
  return (gup_flags & FOLL_FORCE) !== 0 && page.anonExclusive;
}

/**
 * Faults the pages of a range in, without keeping a reference. Models `populate_vma_page_range()`: a private mapping that
 * may be written is written to, so that nothing is left to copy.
 *
 * @param gup_flags FOLL_WRITE, FOLL_FORCE; without FOLL_FORCE the mapping must allow what is asked for
 * @throws Errno EFAULT for a page that cannot be had; those before it are there
 */
export function* populate_vma_page_range(
  m: Machine,
  mm: Mm,
  start: Addr,
  end: Addr,
  gup_flags: number,
): Path<void> {
  for (let addr = start; addr < end; addr += PAGE_SIZE) {
    const vma = m.vma(mm, addr);
    const fails = () =>
      new Errno("EFAULT", `populate(0x${addr.toString(16)}): ${refusal(vma, gup_flags)}`);
    if (!check_vma_flags(vma, gup_flags)) throw fails();
    const write = (gup_flags & FOLL_WRITE) !== 0;
    for (;;) {
      const pte = m.pte(mm, addr);
      if (pte && (pte.writable || !write)) break;
      const fault = yield* handle_mm_fault(m, mm, addr, write ? FAULT_FLAG_WRITE : 0, true);
      if (fault !== "VM_FAULT_NOPAGE") throw fails();
    }
  }
}

/** Gives back every reference that `holder` has. Linux: `put_page()`, or `unpin_user_page()` for a pin. */
export function put_user_pages(m: Machine, holder: string): void {
  for (const { pfn, refs } of [...m.state.holds.get(holder) ?? []]) {
    m.emit({ type: "put", pfn, refs, holder });
  }
}
