/**
 * Page faults, copy-on-write, and what fork does to a page table. Models mm/memory.c.
 * Left out: large folios, userfaultfd, the page lock. TLBs: an entry that changes is seen by everybody at once, where Linux
 * flushes what processors remember of it (`flush_tlb_range()` behind fork, `ptep_clear_flush()` in `wp_page_copy()`);
 * without it a write through an old translation would reach a page that is shared already. And the locks of single
 * mappings, `lock_vma_under_rcu()`, by which faults do without the mmap_lock since 6.4: fork takes each for writing.
 *
 * @module
 */

import { vpnOf } from "../address.ts";
import type { Machine, Path } from "../machine.ts";
import type { Counts, Reason } from "../reason.ts";
import {
  type Addr,
  type Frame,
  isCounted,
  type Mm,
  PageAnon,
  type Pfn,
  type Pte,
  type Vma,
  type Vpn,
  ZERO_PFN,
} from "../state.ts";
import {
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
  is_cow_mapping,
  VM_ACCESS_FLAGS,
  VM_COPYONFORK,
  VM_LOCKED,
  VM_SHARED,
  VM_WRITE,
} from "../uapi.ts";
import { find_or_create_page } from "./filemap.ts";
import { alloc_page, free_page, SetPageAnonExclusive } from "./page.ts";
import { anon_vma_prepare } from "./rmap.ts";
import {
  folio_free_swap,
  free_swap_cache,
  page_swapcount,
  read_swap_cache_async,
  slotOf,
  swap_vma_readahead,
} from "./swap.ts";

/** How a fault ended: the access is tried again; or the address, the permission, or what backs the page is wrong. */
export type VmFault = "VM_FAULT_NOPAGE" | "VM_FAULT_SIGSEGV" | "VM_FAULT_SIGBUS";

/**
 * Resolves a page fault at `addr`. Linux: `handle_mm_fault`, and the checks of `access_error` before it.
 *
 * @param flags FAULT_FLAG_WRITE, or FAULT_FLAG_UNSHARE (a read that wants the page exclusive), or 0
 * @param force the caller has asked already what the mapping allows, or may be given
 */
export function* handle_mm_fault(
  m: Machine,
  mm: Mm,
  addr: Addr,
  flags: number,
  force = false,
): Path<VmFault> {
  const vma = m.vma(mm, addr);
  const wanted = flags & FAULT_FLAG_WRITE ? VM_WRITE : VM_ACCESS_FLAGS;
  if (!vma || !force && !(vma.flags & wanted)) return "VM_FAULT_SIGSEGV";
  yield* m.pteLock(mm);
  const pte = m.pte(mm, addr);
  if (pte) {
    if (flags && !pte.writable) yield* do_wp_page(m, mm, vma, addr, flags);
    return "VM_FAULT_NOPAGE";
  }
  if (mm.swapPtes.has(vpnOf(addr))) yield* do_swap_page(m, mm, vma, addr, flags);
  else if (vma.object) return do_fault(m, mm, vma, addr, flags);
  else do_anonymous_page(m, mm, vma, addr, flags);
  return "VM_FAULT_NOPAGE";
}

/** Pages that a read fault of a file or of shared memory maps at a time, `fault_around_bytes`. */
const FAULT_AROUND = 16;

/**
 * Maps a page of what backs the mapping: a private mapping read-only, a shared one writable at once where it may be. A
 * read maps its neighbours with it, as far as they are there; a write to a private mapping gets a copy of its own without
 * mapping the page first. Models `do_read_fault()` with `do_fault_around()`, `do_cow_fault()` and `do_shared_fault()`.
 */
function do_fault(m: Machine, mm: Mm, vma: Vma, addr: Addr, flags: number): VmFault {
  const first = vpnOf(vma.start), vpn = vpnOf(addr);
  const cow = is_cow_mapping(vma.flags), writable = !cow && (vma.flags & VM_WRITE) !== 0;
  const page = find_or_create_page(m, vma.object, vma.pgoff + vpn - first);
  if (!page) return "VM_FAULT_SIGBUS";
  if (cow && flags & FAULT_FLAG_WRITE) {
    anon_vma_prepare(m, mm, vma);
    const copy = alloc_page(m, page.pfn);
    installAnonPage(m, mm, vpn, copy, { writable: (vma.flags & VM_WRITE) !== 0, dirty: true });
    return "VM_FAULT_NOPAGE";
  }
  const map = (vpn: Vpn, pfn: Pfn) => set_pte(m, mm, vpn, { pfn, writable, dirty: false });
  map(vpn, page.pfn);
  if (flags & FAULT_FLAG_WRITE) return "VM_FAULT_NOPAGE";
  const window = vpn - vpn % FAULT_AROUND, end = vpnOf(vma.end);
  const { pages } = m.state.objects.get(vma.object)!;
  for (let at = Math.max(window, first); at < Math.min(window + FAULT_AROUND, end); at++) {
    const pfn = pages.get(vma.pgoff + at - first);
    if (pfn !== undefined && !mm.ptes.has(at) && !mm.swapPtes.has(at)) map(at, pfn);
  }
  return "VM_FAULT_NOPAGE";
}

/**
 * Fills a hole: a read maps the zero page, where the kernel uses it ({@linkcode Era.zeroPage}), a write a frame of its own.
 * Models `do_anonymous_page()`.
 */
function do_anonymous_page(m: Machine, mm: Mm, vma: Vma, addr: Addr, flags: number): void {
  const vpn = vpnOf(addr);
  if (!(flags & FAULT_FLAG_WRITE) && m.era.zeroPage === "mapped") {
    m.note({ at: "do_anonymous_page" });
    return set_pte(m, mm, vpn, { pfn: ZERO_PFN, writable: false, dirty: false });
  }
  anon_vma_prepare(m, mm, vma);
  const page = alloc_page(m), writable = (vma.flags & VM_WRITE) !== 0;
  installAnonPage(m, mm, vpn, page, { writable, dirty: writable });
}

/**
 * Brings a page back from the swap area. It is exclusive when its entry says so, or when the slot shows that nobody else
 * has it; a write that finds it otherwise goes on to `do_wp_page` in the same fault. Models `do_swap_page()`, and
 * `should_try_to_free_swap()`, which empties the swap cache for a write and in a locked mapping. Left out: that it does so
 * for every access when the swap area is half full, `mem_cgroup_swap_full()`, and for a page that another mapping locks.
 */
function* do_swap_page(m: Machine, mm: Mm, vma: Vma, addr: Addr, flags: number): Path<void> {
  const vpn = vpnOf(addr), entry = mm.swapPtes.get(vpn)!, slot = slotOf(m, entry);
  const write = (flags & FAULT_FLAG_WRITE) !== 0, alone = slot.count === 1;
  const bypass = m.era.swapInBypassesCache && alone && !slot.pfn;
  if (m.era.swapInBypassesCache && !alone && !slot.pfn) swap_vma_readahead(m, mm, vma, vpn);
  const page = bypass ? alloc_page(m) : read_swap_cache_async(m, slot);
  if (bypass) m.emit({ type: "swap_read", slot: slot.id, pfn: page.pfn });
  const swapCount = page_swapcount(m, page);
  const unique = page.refcount === 1 && alone; // one reference: the swap cache's, or this path's
  const locked = (vma.flags & VM_LOCKED) !== 0;
  const exclusive = page.kind !== "ksm" &&
    m.era.swapInCanReuse(page, swapCount, entry, write || locked);
  m.note({ at: "do_swap_page", era: m.era.name, slot: slot.id, pfn: page.pfn, exclusive });
  const writable = exclusive && (vma.flags & VM_WRITE) !== 0 &&
    (write || m.era.swapInWritesOnRead);
  const pte = { pfn: page.pfn, writable, dirty: write && exclusive };
  set_pte(m, mm, vpn, pte, exclusive && m.era.anonExclusive);
  const drops = locked || write && (m.era.anonExclusive ? unique : exclusive);
  if (drops && m.era.reuseFreesSwap) folio_free_swap(m, page);
  if (write && !exclusive) yield* do_wp_page(m, mm, vma, addr, flags);
}

/** Maps a frame that is in flight; it is born exclusive. Models `folio_add_new_anon_rmap(…, RMAP_EXCLUSIVE)`. */
function installAnonPage(
  m: Machine,
  mm: Mm,
  vpn: Vpn,
  page: Frame,
  bits: Omit<Pte, "pfn">,
): void {
  set_pte(m, mm, vpn, { pfn: page.pfn, ...bits }, m.era.anonExclusive);
}

/** Points an entry at a frame, which becomes exclusive if it is said to. Models `set_pte_at()` and the rmap beside it. */
function set_pte(m: Machine, mm: Mm, vpn: Vpn, pte: Pte, exclusive = false): void {
  m.emit({ type: "set_pte", mm: mm.id, vpn, pte, exclusive });
}

/**
 * Answers a write (or an unsharing read) to a write-protected page of a private mapping: keep the frame, or copy it.
 *
 * Models `do_wp_page()`. The choice is the era's, see {@linkcode Era.wpCanReuse}. An unsharing fault ends read-only.
 */
function* do_wp_page(m: Machine, mm: Mm, vma: Vma, addr: Addr, flags: number): Path<void> {
  const page = m.page(m.pte(mm, addr)!.pfn);
  const unshare = (flags & FAULT_FLAG_UNSHARE) !== 0;
  if (vma.flags & VM_SHARED) return wp_page_reuse(m, mm, addr, vma);
  if (!PageAnon(page)) {
    if (unshare && !m.era.unsharesAnything) return;
    m.note(neverReused(page));
    return yield* wp_page_copy(m, mm, vma, addr, unshare);
  }
  if (page.kind === "ksm" && !(m.era.ksmReuse && reuse_ksm_page(m, page))) {
    m.note(neverReused(page));
    return yield* wp_page_copy(m, mm, vma, addr, unshare);
  }
  if (m.era.wpDropsSwapCache && !page.anonExclusive && page.swap && page.refcount === 2) {
    folio_free_swap(m, page);
  }
  const reuse = m.era.wpCanReuse(page, page_swapcount(m, page));
  const answer = reuse ? "reuse" : "copy", era = m.era.name, counts = countsOf(page);
  m.note({ at: "do_wp_page", by: "era", answer, era, pfn: page.pfn, counts });
  if (!reuse) return yield* wp_page_copy(m, mm, vma, addr, unshare);
  if (page.kind === "ksm") m.emit({ type: "ksm_page", pfn: page.pfn, value: false });
  if (!m.era.anonExclusive && m.era.reuseFreesSwap) folio_free_swap(m, page);
  SetPageAnonExclusive(m, page);
  if (!unshare) wp_page_reuse(m, mm, addr, vma);
}

/** May the last who maps a merged page have it? Not one outside the stable tree. Models `reuse_ksm_page()`. */
function reuse_ksm_page(m: Machine, { pfn, swap, refcount }: Frame): boolean {
  return !swap && m.state.ksm.stable.has(pfn) && refcount === 1;
}

/** The reason to copy a frame that no rule lets a write keep. */
function neverReused({ pfn, kind }: Frame): Reason {
  return { at: "do_wp_page", by: "kind", answer: "copy", pfn, kind };
}

/** The counts of a frame as they are now. */
function countsOf({ refcount, mapcount, anonExclusive }: Frame): Counts {
  return { refcount, mapcount, anonExclusive };
}

/** Is an entry as it was? Models `pte_same()`. */
export function pte_same(now: Pte | undefined, before: Pte): boolean {
  return now?.pfn === before.pfn && now.writable === before.writable && now.dirty === before.dirty;
}

/** Makes the entry writable where it points, if the mapping is (`maybe_mkwrite`). Models `wp_page_reuse()`. */
function wp_page_reuse(m: Machine, mm: Mm, addr: Addr, vma: Vma): void {
  const writable = (vma.flags & VM_WRITE) !== 0;
  m.emit({ type: "protect", mm: mm.id, vpn: vpnOf(addr), writable, dirty: true });
}

/**
 * Gives the faulting process a frame of its own; every other mapping and every reference keeps the old one.
 *
 * Models `wp_page_copy()`. The page-table lock is dropped to allocate and copy, so afterwards the entry is looked up
 * again (`pte_same`) and the copy thrown away when it changed: the access is then tried once more. In between a reference
 * keeps others from finding that the old frame is theirs alone, which would leave the entry as it is.
 */
function* wp_page_copy(m: Machine, mm: Mm, vma: Vma, addr: Addr, unshare: boolean): Path<void> {
  const orig = m.pte(mm, addr)!;
  anon_vma_prepare(m, mm, vma);
  const copy = alloc_page(m, orig.pfn);
  const by = isCounted(m.page(orig.pfn)) ? `wp_page_copy ${copy.pfn}` : undefined;
  if (by) m.emit({ type: "try_grab", pfn: orig.pfn, refs: 1, by });
  yield;
  yield* m.pteLock(mm);
  if (pte_same(m.pte(mm, addr), orig)) {
    const writable = !unshare && (vma.flags & VM_WRITE) !== 0;
    installAnonPage(m, mm, vpnOf(addr), copy, { writable, dirty: !unshare });
    free_swap_cache(m, m.state.frames.get(orig.pfn));
  } else {
    m.note({ at: "wp_page_copy", pfn: copy.pfn });
    free_page(m, copy.pfn);
  }
  if (by) m.emit({ type: "ungrab", by });
}

/**
 * Gives the child the parent's pages of one VMA. A shared mapping's entries are given as they are. A private one's are
 * write-protected on both sides, except that a page which must be copied is copied *before* anything is shared: the
 * parent's entry, and with it a pin, stays as it is.
 *
 * Models `copy_page_range()` down to `copy_present_pte()`. The mmap_lock is held for write, which keeps everybody out who
 * takes a lock. gup-fast takes none: it may pin a page that was asked about and is not write-protected yet, and what it
 * goes by instead is `write_protect_seq`, odd for as long as pages are asked about.
 */
export function* copy_page_range(m: Machine, parent: Mm, child: Mm, vma: Vma): Path<void> {
  const cow = is_cow_mapping(vma.flags), type = cow ? "share" : "dup";
  const seq = cow && m.era.writeProtectSeq;
  if (seq) m.emit({ type: "write_protect_seq", mm: parent.id });
  try {
    for (const [vpn, pte] of entriesOf(parent, vma)) {
      const page = m.page(pte.pfn);
      const rule = cow && mustCopyNow(m, parent, vma, page);
      if (!rule) m.saw({ at: "copy_present_pte", pfn: pte.pfn, counts: countsOf(page) });
      yield; // the page-table locks are held, and gup-fast looks
      if (rule) copy_present_page(m, child, vma, vpn, page, rule);
      else m.emit({ type, from: parent.id, to: child.id, vpn });
      yield;
    }
  } finally { // a copy for which there is no frame ends it here
    if (seq) m.emit({ type: "write_protect_seq", mm: parent.id });
  }
  for (const vpn of swappedIn(parent, vma)) {
    const exclusive = m.era.forkKeepsSwapExclusive(parent.swapPtes.get(vpn)!);
    m.emit({ type: "dup_swap", from: parent.id, to: child.id, vpn, exclusive });
  }
}

/** fork copies a page at once. Models `copy_present_page()`. */
function copy_present_page(
  m: Machine,
  child: Mm,
  vma: Vma,
  vpn: Vpn,
  page: Frame,
  rule: string,
): void {
  m.note({ at: "copy_present_page", rule, pfn: page.pfn, counts: countsOf(page) });
  const copy = alloc_page(m, page.pfn), writable = (vma.flags & VM_WRITE) !== 0;
  installAnonPage(m, child, vpn, copy, { writable, dirty: true });
}

/** The rule by which fork must not share this frame; undefined when it may. */
function mustCopyNow(m: Machine, mm: Mm, vma: Vma, page: Frame): string | undefined {
  if (!PageAnon(page)) return undefined;
  if (m.era.forkMustCopy(page, mm)) return m.era.name;
  return vma.flags & VM_COPYONFORK ? "VM_COPYONFORK" : undefined;
}

/**
 * Unmaps what is mapped in `start-end`, and lets go of what only the swap cache still keeps of it. Models
 * `zap_page_range()`.
 */
export function zap_page_range(m: Machine, mm: Mm, start: Addr, end: Addr): void {
  const range = { start, end };
  zapEntries(m, mm, [...entriesOf(mm, range).map(([vpn]) => vpn), ...swappedIn(mm, range)]);
}

/** The same for single pages, each with an entry, present or swapped out. */
export function zapEntries(m: Machine, mm: Mm, vpns: readonly Vpn[]): void {
  if (vpns.length === 0) return;
  const cached = vpns.map((vpn) => mm.ptes.get(vpn)?.pfn ?? slotOf(m, mm.swapPtes.get(vpn)!).pfn);
  m.emit({ type: "zap", mm: mm.id, vpns });
  for (const pfn of cached) free_swap_cache(m, m.state.frames.get(pfn));
}

/** The pages of a range that are swapped out, in order. */
export function swappedIn(mm: Mm, range: { start: Addr; end: Addr }): Vpn[] {
  const first = vpnOf(range.start), end = vpnOf(range.end);
  return [...mm.swapPtes.keys()].filter((vpn) => vpn >= first && vpn < end).sort((a, b) => a - b);
}

/** The entries of a range in order of address; walks whichever is shorter, the range or the table. */
export function entriesOf(mm: Mm, range: { start: Addr; end: Addr }): [Vpn, Pte][] {
  const first = vpnOf(range.start), end = vpnOf(range.end);
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
