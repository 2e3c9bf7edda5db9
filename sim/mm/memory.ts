// This module is browser compatible.
/**
 * Page faults, copy-on-write, and what fork does to a page table. Models mm/memory.c.
 * Left out: swap, files, KSM, large folios, userfaultfd, the page lock, out-of-memory.
 *
 * @module
 */

import { type Machine, type Path, vpn_of } from "../machine.ts";
import {
  type Addr,
  type Frame,
  type Mm,
  PAGE_SIZE,
  type Pte,
  VM_EXEC,
  VM_READ,
  VM_WRITE,
  type Vma,
  type Vpn,
  ZERO_PFN,
} from "../state.ts";
import { alloc_page, free_page, SetPageAnonExclusive } from "./page.ts";

/** Why a fault was taken, include/linux/mm_types.h. */
export const FAULT_FLAG_WRITE = 1 << 0, FAULT_FLAG_UNSHARE = 1 << 10;

/** How a fault ended: resolved (retry the access), or the address or the permission is wrong. */
export type VmFault = "VM_FAULT_NOPAGE" | "VM_FAULT_SIGSEGV";

/**
 * Resolves a page fault at `addr`. Linux: `handle_mm_fault` and the checks of `access_error` before it.
 *
 * @param flags FAULT_FLAG_WRITE, or FAULT_FLAG_UNSHARE (a read that wants the page exclusive), or 0
 */
export function* handle_mm_fault(m: Machine, mm: Mm, addr: Addr, flags: number): Path<VmFault> {
  const vma = m.vma(mm, addr);
  const wanted = flags & FAULT_FLAG_WRITE ? VM_WRITE : VM_READ;
  if (!vma || !(vma.flags & wanted)) return "VM_FAULT_SIGSEGV";
  const pte = m.pte(mm, addr);
  if (!pte) do_anonymous_page(m, mm, vma, addr, flags);
  else if (flags && !pte.writable) yield* do_wp_page(m, mm, vma, addr, flags);
  return "VM_FAULT_NOPAGE";
}

/** Fills a hole: a read maps the zero page, a write a frame of its own. Models `do_anonymous_page()`. */
function do_anonymous_page(m: Machine, mm: Mm, vma: Vma, addr: Addr, flags: number): void {
  const vpn = vpn_of(addr);
  if (!(flags & FAULT_FLAG_WRITE)) {
    m.note(`do_anonymous_page: a read of an untouched page maps the zero page`);
    m.emit({
      type: "set_pte",
      mm: mm.id,
      vpn,
      pte: { pfn: ZERO_PFN, writable: false, dirty: false },
    });
    return;
  }
  anon_vma_prepare(m, mm, vma);
  const page = alloc_page(m);
  install_anon_page(m, mm, vpn, page, { writable: (vma.flags & VM_WRITE) !== 0, dirty: true });
}

/** Maps a frame that is in flight; it is born exclusive. Models `folio_add_new_anon_rmap(…, RMAP_EXCLUSIVE)`. */
function install_anon_page(
  m: Machine,
  mm: Mm,
  vpn: Vpn,
  page: Frame,
  bits: Omit<Pte, "pfn">,
): void {
  SetPageAnonExclusive(m, page);
  m.emit({ type: "set_pte", mm: mm.id, vpn, pte: { pfn: page.pfn, ...bits } });
}

/**
 * Answers a write (or an unsharing read) to a write-protected page of a private mapping: keep the frame, or copy it.
 *
 * Models `do_wp_page()`. The choice is the era's, see {@linkcode Era.wpCanReuse}. An unsharing fault ends read-only.
 */
function* do_wp_page(m: Machine, mm: Mm, vma: Vma, addr: Addr, flags: number): Path<void> {
  const page = m.page(m.pte(mm, addr)!.pfn);
  const unshare = (flags & FAULT_FLAG_UNSHARE) !== 0;
  if (page.kind === "zero") {
    if (unshare) return; // anonymous pages only; a short-term pin takes the zero page as it is
    m.note(`do_wp_page: the zero page is never written: copy`);
    return yield* wp_page_copy(m, mm, vma, addr, unshare);
  }
  const counts = `refcount ${page.refcount}, mapcount ${page.mapcount}${
    page.anonExclusive ? ", exclusive" : ""
  }`;
  if (m.era.wpCanReuse(page)) {
    m.note(`do_wp_page: pfn ${page.pfn} (${counts}) is ours by the ${m.era.name} rule: reuse`);
    SetPageAnonExclusive(m, page);
    if (!unshare) wp_page_reuse(m, mm, addr);
    return;
  }
  m.note(`do_wp_page: pfn ${page.pfn} (${counts}) is shared by the ${m.era.name} rule: copy`);
  yield* wp_page_copy(m, mm, vma, addr, unshare);
}

/** Makes the entry writable where it points. Models `wp_page_reuse()`. */
function wp_page_reuse(m: Machine, mm: Mm, addr: Addr): void {
  m.emit({ type: "protect", mm: mm.id, vpn: vpn_of(addr), writable: true, dirty: true });
}

/**
 * Gives the faulting process a frame of its own; every other mapping and every reference keeps the old one.
 *
 * Models `wp_page_copy()`. The page-table lock is dropped to allocate and copy, so afterwards the entry is looked up
 * again (`pte_same`) and the copy thrown away when it changed: the access is then tried once more.
 */
function* wp_page_copy(m: Machine, mm: Mm, vma: Vma, addr: Addr, unshare: boolean): Path<void> {
  const orig = m.pte(mm, addr)!;
  anon_vma_prepare(m, mm, vma);
  const copy = alloc_page(m);
  m.emit({ type: "copy", from: orig.pfn, to: copy.pfn });
  yield;
  const now = m.pte(mm, addr);
  if (!now || now.pfn !== orig.pfn || now.writable !== orig.writable) {
    return free_page(m, copy.pfn);
  }
  const writable = !unshare && (vma.flags & VM_WRITE) !== 0;
  install_anon_page(m, mm, vpn_of(addr), copy, { writable, dirty: !unshare });
}

/**
 * Gives the child the parent's pages of one VMA: shared read-only, or copied at once where the era must.
 *
 * Models `copy_page_range()` down to `copy_present_pte()`. A page that a pin may hold is copied *before* anything is
 * write-protected; the parent's entry, and with it the pin, stays as it is.
 */
export function copy_page_range(m: Machine, parent: Mm, child: Mm, vma: Vma): void {
  const shared: Vpn[] = [];
  for (const [vpn, pte] of entriesOf(parent, vma)) {
    const page = m.page(pte.pfn);
    if (page.kind === "anon" && m.era.forkMustCopy(page, parent)) {
      m.note(`copy_present_page: pfn ${page.pfn} may be pinned (refcount ${page.refcount}): copy`);
      const copy = alloc_page(m);
      m.emit({ type: "copy", from: page.pfn, to: copy.pfn });
      const writable = (vma.flags & VM_WRITE) !== 0;
      install_anon_page(m, child, vpn, copy, { writable, dirty: true });
    } else shared.push(vpn);
  }
  if (shared.length) m.emit({ type: "share", from: parent.id, to: child.id, vpns: shared });
}

/**
 * Marks a VMA as one that has frames of its own; fork skips those that have none. A neighbour that could be joined lends
 * its mark, so that the two may merge later. Models `__anon_vma_prepare()` of mm/rmap.c.
 */
export function anon_vma_prepare(m: Machine, mm: Mm, vma: Vma): void {
  if (vma.anonVma) return;
  const access = VM_READ | VM_WRITE | VM_EXEC;
  const alike = [m.vma(mm, vma.end), m.vma(mm, vma.start - 1)].find((other) =>
    other?.anonVma && (other.flags & ~access) === (vma.flags & ~access)
  );
  const anonVma = alike?.anonVma ?? m.state.nextAnonVma;
  m.emit({ type: "anon_vma", mm: mm.id, start: vma.start, anonVma });
}

/** Unmaps what is mapped in `start-end`. Models `zap_page_range()`. */
export function zap_page_range(m: Machine, mm: Mm, start: Addr, end: Addr): void {
  const vpns = entriesOf(mm, { start, end }).map(([vpn]) => vpn);
  if (vpns.length) m.emit({ type: "zap", mm: mm.id, vpns });
}

/** The entries of a range in order of address; walks whichever is shorter, the range or the table. */
export function entriesOf(mm: Mm, range: { start: Addr; end: Addr }): [Vpn, Pte][] {
  const first = vpn_of(range.start), end = vpn_of(range.end + PAGE_SIZE - 1);
  if (end - first > mm.ptes.size) {
    return [...mm.ptes].filter(([vpn]) => vpn >= first && vpn < end).sort((a, b) => a[0] - b[0]);
  }
  const entries: [Vpn, Pte][] = [];
  for (let vpn = first; vpn < end; vpn++) {
    const pte = mm.ptes.get(vpn);
    if (pte) entries.push([vpn, pte]);
  }
  return entries;
}
