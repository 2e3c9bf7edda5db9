/**
 * KSM: a daemon that looks for pages of equal contents and merges them. Models mm/ksm.c.
 *
 * A merged page stands in the stable tree. Pages that did not change since the last scan stand in the unstable tree, which
 * is forgotten after each scan.
 * Left out: checksums (the contents themselves are remembered), `use_zero_pages`, `max_page_sharing`, NUMA.
 *
 * @module
 */

import type { Machine, Path } from "../machine.ts";
import {
  type Addr,
  type Contents,
  type Frame,
  type Mm,
  type MmId,
  PAGE_SIZE,
  PageAnon,
  type RmapItem,
  type Vma,
  type Vpn,
} from "../state.ts";
import {
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
  VM_DONTEXPAND,
  VM_IO,
  VM_MAYSHARE,
  VM_MERGEABLE,
  VM_PFNMAP,
  VM_SHARED,
} from "../uapi.ts";
import { entriesOf, handle_mm_fault } from "./memory.ts";
import { free_swap_cache } from "./swap.ts";

/** May KSM look at this mapping when it is asked to? Otherwise the advice is ignored. Models `ksm_madvise()`. */
export function isMergeable(vma: Vma): boolean {
  const never = VM_SHARED | VM_MAYSHARE | VM_PFNMAP | VM_IO | VM_DONTEXPAND;
  return (vma.flags & never) === 0;
}

/** Enrols an address space, behind those that are enrolled already. Models `__ksm_enter()`. */
export function __ksm_enter(m: Machine, mm: Mm): void {
  if (m.state.ksm.mms.includes(mm.id)) return;
  m.emit({ type: "ksm_mm", mm: mm.id, enrolled: true });
}

/** A page in the unstable tree, and where it is mapped. */
interface Candidate {
  readonly mm: Mm;
  readonly vpn: Vpn;
}

/** The daemon works in one step, with the mmap_lock of every address space that is enrolled held for read. */
function atWork<T>(m: Machine, work: () => T): Path<T> {
  const mms = m.state.ksm.mms.map((id) => m.state.mms.get(id)!);
  const path = function* () {
    while (mms.some((mm) => m.isPteLocked(mm))) for (const mm of mms) yield* m.pteLock(mm);
    return work();
  };
  return mms.reduce((path, mm) => m.locked(mm, "read", path), path());
}

/**
 * Scans all memory that is enrolled, once: address spaces in the order in which they came, addresses ascending. Models
 * `ksm_do_scan()` from one end to the other.
 *
 * @returns whether there is anything left to scan; if not, the daemon sleeps
 */
export function ksm_do_scan(m: Machine): Path<boolean> {
  return atWork(m, () => scan(m));
}

function scan(m: Machine): boolean {
  const unstable: Candidate[] = [];
  for (const id of [...m.state.ksm.mms]) {
    const mm = m.state.mms.get(id)!, seen = new Set<Vpn>();
    const vmas = mm.vmas.filter(({ flags }) => flags & VM_MERGEABLE);
    if (vmas.length === 0) {
      m.emit({ type: "ksm_mm", mm: id, enrolled: false });
      continue;
    }
    for (const vma of vmas) {
      for (const [vpn] of entriesOf(mm, vma)) {
        const pte = mm.ptes.get(vpn);
        if (!pte || !PageAnon(m.page(pte.pfn))) continue;
        seen.add(vpn);
        if (!should_skip_rmap_item(m, { mm, vpn })) cmp_and_merge_page(m, { mm, vpn }, unstable);
      }
    }
    for (const vpn of [...m.state.ksm.items.get(id)?.keys() ?? []]) {
      if (!seen.has(vpn)) m.emit({ type: "ksm_item", mm: id, vpn, item: undefined });
    }
  }
  return m.state.ksm.mms.length > 0;
}

const NEW: RmapItem = { checksum: undefined, age: 0, skips: 0 };

function itemOf(m: Machine, mm: MmId, vpn: Vpn): RmapItem | undefined {
  return m.state.ksm.items.get(mm)?.get(vpn);
}

/** A page that several scans could not merge is passed over for a while. Models `should_skip_rmap_item()`. */
function should_skip_rmap_item(m: Machine, at: Candidate): boolean {
  if (!m.era.ksmSmartScan || frameAt(m, at)!.kind === "ksm") return false;
  const { age, skips } = itemOf(m, at.mm.id, at.vpn) ?? NEW;
  const passesOver = skips > 0;
  const left = passesOver ? skips - 1 : age >= 3 ? skipsAt(age) : skips;
  remember(m, at, { age: Math.min(age + 1, 255), skips: left });
  return passesOver;
}

function skipsAt(age: number): number {
  return age <= 3 ? 1 : age <= 5 ? 2 : age <= 8 ? 4 : 8;
}

function remember(m: Machine, { mm, vpn }: Candidate, change: Partial<RmapItem>): void {
  const item = itemOf(m, mm.id, vpn) ?? NEW;
  m.emit({ type: "ksm_item", mm: mm.id, vpn, item: { ...item, ...change } });
}

/**
 * One page: is there a merged one like it; has it kept still since the last scan; is there another one like it in this
 * scan? Models `cmp_and_merge_page()`.
 */
function cmp_and_merge_page(m: Machine, at: Candidate, unstable: Candidate[]): void {
  const page = frameAt(m, at)!;
  if (m.state.ksm.stable.has(page.pfn)) return;
  const settles = () => {
    const before = itemOf(m, at.mm.id, at.vpn)?.checksum;
    if (before && sameBytes(before, page.bytes)) return true;
    remember(m, at, { checksum: page.bytes });
    return false;
  };
  if (m.era.ksmSmartScan && !settles()) return;
  const merged = stable_tree_search(m, page);
  if (merged) {
    try_to_merge_one_page(m, at, page, merged);
    return;
  }
  if (!m.era.ksmSmartScan && !settles()) return;
  const twin = unstable.find((other) => {
    const frame = frameAt(m, other);
    return frame && PageAnon(frame) && sameBytes(frame.bytes, page.bytes);
  });
  if (!twin) {
    unstable.push(at);
    return;
  }
  const other = frameAt(m, twin)!;
  if (other === page) return; // fork has shared it already
  try_to_merge_two_pages(m, at, page, twin, other, unstable);
}

/** The later page becomes the merged one; if the earlier cannot follow, it is broken up again. */
function try_to_merge_two_pages(
  m: Machine,
  at: Candidate,
  page: Frame,
  twin: Candidate,
  other: Frame,
  unstable: Candidate[],
): void {
  if (!try_to_merge_one_page(m, at, page)) return;
  if (!try_to_merge_one_page(m, twin, other, page)) {
    return break_ksm(m, at.mm, at.vpn * PAGE_SIZE);
  }
  unstable.splice(unstable.indexOf(twin), 1);
  m.emit({ type: "ksm_stable", pfn: page.pfn });
}

/**
 * Write-protects a page, and replaces it by `merged` if there is one. Refuses when somebody refers to the page beside its
 * mappings, but asks only where the entry could have been written through. Models `try_to_merge_one_page()` and
 * `write_protect_page()`.
 */
function try_to_merge_one_page(m: Machine, at: Candidate, page: Frame, merged?: Frame): boolean {
  if (page === merged) return true;
  const { mm, vpn } = at, pte = mm.ptes.get(vpn)!;
  if (pte.writable || pte.dirty || page.anonExclusive) {
    if (page.mapcount + (page.swap ? 1 : 0) !== page.refcount) {
      const { pfn, refcount, mapcount } = page;
      m.note({ at: "write_protect_page", pfn, refcount, mapcount });
      return false;
    }
    if (page.anonExclusive) m.emit({ type: "exclusive", pfn: page.pfn, value: false });
    m.emit({ type: "protect", mm: mm.id, vpn, writable: false, dirty: false });
  }
  if (!merged) m.emit({ type: "ksm_page", pfn: page.pfn, value: true });
  else {
    const entry = { pfn: merged.pfn, writable: false, dirty: false };
    m.emit({ type: "set_pte", mm: mm.id, vpn, pte: entry, exclusive: false });
    free_swap_cache(m, m.state.frames.get(page.pfn));
  }
  return true;
}

/** The merged frame of the same contents. Models `stable_tree_search()`. */
function stable_tree_search(m: Machine, page: Frame): Frame | undefined {
  for (const pfn of m.state.ksm.stable) {
    const frame = m.page(pfn);
    if (sameBytes(frame.bytes, page.bytes)) return frame;
  }
}

function frameAt(m: Machine, { mm, vpn }: Candidate): Frame | undefined {
  const pte = mm.ptes.get(vpn);
  return pte && m.page(pte.pfn);
}

/** Gives a process a page of its own again where it maps a merged one. Models `break_ksm()`. */
function break_ksm(m: Machine, mm: Mm, addr: Addr): void {
  const flag = m.era.ksmBreaks === "write" ? FAULT_FLAG_WRITE : FAULT_FLAG_UNSHARE;
  for (;;) {
    const pte = m.pte(mm, addr);
    if (!pte || m.page(pte.pfn).kind !== "ksm") return;
    const path = handle_mm_fault(m, mm, addr, flag, true);
    while (!path.next().done); // nothing else runs: the caller holds the mmap_lock
  }
}

/** Breaks up every merged page of a range. Models `unmerge_ksm_pages()`. */
export function unmerge_ksm_pages(m: Machine, mm: Mm, start: Addr, end: Addr): void {
  for (const [vpn] of entriesOf(mm, { start, end })) break_ksm(m, mm, vpn * PAGE_SIZE);
}

/** Breaks up everything and forgets what was looked at; the mappings stay mergeable. Writing 2 to /sys/kernel/mm/ksm/run. */
export function unmerge_and_remove_all_rmap_items(m: Machine): Path<void> {
  return atWork(m, () => unmergeAll(m));
}

function unmergeAll(m: Machine): void {
  for (const id of m.state.ksm.mms) {
    const mm = m.state.mms.get(id)!;
    for (const vma of mm.vmas) {
      if (vma.flags & VM_MERGEABLE) unmerge_ksm_pages(m, mm, vma.start, vma.end);
    }
    for (const vpn of [...m.state.ksm.items.get(id)?.keys() ?? []]) {
      m.emit({ type: "ksm_item", mm: id, vpn, item: undefined });
    }
  }
}

/** Equal contents: what lies behind the last byte ever written is zero. */
function sameBytes(one: Contents, other: Contents): boolean {
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at++) if ((one[at] ?? 0) !== (other[at] ?? 0)) return false;
  return true;
}
