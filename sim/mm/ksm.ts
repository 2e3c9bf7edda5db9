/**
 * KSM: a daemon that looks for pages of equal contents and merges them. Models mm/ksm.c, but for what merging two of them
 * asks of their counts, which the era answers: `ksm_merge.ts`.
 *
 * A merged page stands in the stable tree. Pages that did not change since the last scan stand in the unstable tree, which
 * is forgotten after each scan.
 * Left out: checksums (the contents themselves are remembered), `use_zero_pages`, `max_page_sharing`, NUMA.
 *
 * @module
 */

import type { Machine, Path } from "../machine.ts";
import type { KsmKernel, KsmPage } from "../policy.ts";
import {
  type Addr,
  type Contents,
  type Frame,
  type Mm,
  PAGE_SIZE,
  PageAnon,
  type Pfn,
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
import { set_page_dirty } from "./page.ts";
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
  const unstable: KsmPage[] = [];
  for (const id of [...m.state.ksm.mms]) {
    const mm = m.state.mms.get(id)!;
    const vmas = mm.vmas.filter(({ flags }) => flags & VM_MERGEABLE);
    if (vmas.length === 0) {
      m.emit({ type: "ksm_mm", mm: id, enrolled: false });
      continue;
    }
    let from = 0;
    for (const vma of vmas) {
      for (const [vpn] of entriesOf(mm, vma)) {
        const pte = mm.ptes.get(vpn);
        if (!pte || !PageAnon(m.page(pte.pfn))) continue;
        forget(m, mm, from, vpn);
        from = vpn + 1;
        if (!should_skip_rmap_item(m, { mm, vpn })) cmp_and_merge_page(m, { mm, vpn }, unstable);
      }
    }
    forget(m, mm, from, Infinity);
  }
  return m.state.ksm.mms.length > 0;
}

/** Forgets pages that are no longer there. Models `get_next_rmap_item()` and `remove_trailing_rmap_items()`. */
function forget(m: Machine, mm: Mm, from: Vpn, end: Vpn): void {
  for (const vpn of [...m.state.ksm.items.get(mm.id)?.keys() ?? []]) {
    if (vpn >= from && vpn < end) m.emit({ type: "ksm_item", mm: mm.id, vpn, item: undefined });
  }
}

const NEW: RmapItem = { checksum: undefined, age: 0, skips: 0, head: 0 };

function itemOf(m: Machine, { mm, vpn }: KsmPage): RmapItem {
  return m.state.ksm.items.get(mm.id)?.get(vpn) ?? NEW;
}

/** A page that several scans could not merge is passed over for a while. Models `should_skip_rmap_item()`. */
function should_skip_rmap_item(m: Machine, at: KsmPage): boolean {
  if (!m.era.ksmSmartScan || frameAt(m, at)!.kind === "ksm") return false;
  const { age, skips } = itemOf(m, at);
  const passesOver = skips > 0;
  const left = passesOver ? skips - 1 : age >= 3 ? skipsAt(age) : skips;
  remember(m, at, { age: Math.min(age + 1, 255), skips: left });
  if (passesOver) remove_rmap_item_from_tree(m, at);
  return passesOver;
}

function skipsAt(age: number): number {
  return age <= 3 ? 1 : age <= 5 ? 2 : age <= 8 ? 4 : 8;
}

function remember(m: Machine, at: KsmPage, change: Partial<RmapItem>): void {
  const item = { ...itemOf(m, at), ...change };
  m.emit({ type: "ksm_item", mm: at.mm.id, vpn: at.vpn, item });
}

/** What is known of a page no longer counts for the merged frame that it once mapped. Models its namesake. */
function remove_rmap_item_from_tree(m: Machine, at: KsmPage): void {
  if (itemOf(m, at).head) remember(m, at, { head: 0 });
}

/** A page maps a merged frame of the stable tree: it stands in its list from now on. Models `stable_tree_append()`. */
function stable_tree_append(m: Machine, at: KsmPage, { pfn }: Frame): void {
  if (itemOf(m, at).head !== pfn) remember(m, at, { head: pfn });
}

/**
 * One page: is there a merged one like it; has it kept still since the last scan; is there another one like it in this
 * scan? Models `cmp_and_merge_page()`, which in late kernels asks the second question first.
 */
function cmp_and_merge_page(m: Machine, at: KsmPage, unstable: KsmPage[]): void {
  const page = frameAt(m, at)!, asksFirst = m.era.ksmSmartScan;
  if (m.state.ksm.stable.has(page.pfn)) return stable_tree_append(m, at, page); // fork has shared it, or it is known
  if (asksFirst) remove_rmap_item_from_tree(m, at);
  if (asksFirst && !settles(m, at, page)) return;
  const merged = stable_tree_search(m, page);
  remove_rmap_item_from_tree(m, at);
  if (merged) {
    m.era.ksmMergeWith(kernelOf(m), at, merged);
    if (frameAt(m, at) === merged) stable_tree_append(m, at, merged);
    return;
  }
  if (!asksFirst && !settles(m, at, page)) return;
  const twin = unstable_tree_search_insert(m, at, page, unstable);
  if (!twin) return;
  if (frameAt(m, twin) === page) return; // fork has shared it already
  m.era.ksmMergeTwo(kernelOf(m), at, twin);
  const one = frameAt(m, at)!;
  if (frameAt(m, twin) === one) stable_tree_insert(m, at, twin, one, unstable);
}

/** Has a page the contents that it had when it was looked at last? The kernel compares checksums. */
function settles(m: Machine, at: KsmPage, { bytes }: Frame): boolean {
  const { checksum } = itemOf(m, at);
  if (checksum && sameBytes(checksum, bytes)) return true;
  remember(m, at, { checksum: bytes });
  return false;
}

/** A page of this scan with the same contents; where there is none, this one waits for others. Models its namesake. */
function unstable_tree_search_insert(
  m: Machine,
  at: KsmPage,
  page: Frame,
  unstable: KsmPage[],
): KsmPage | undefined {
  const twin = unstable.find((other) => {
    const frame = frameAt(m, other);
    return frame && PageAnon(frame) && sameBytes(frame.bytes, page.bytes);
  });
  if (!twin) unstable.push(at);
  return twin;
}

/** Two pages have one frame: others may join them. Models `stable_tree_insert()`. */
function stable_tree_insert(
  m: Machine,
  at: KsmPage,
  twin: KsmPage,
  merged: Frame,
  unstable: KsmPage[],
): void {
  unstable.splice(unstable.indexOf(twin), 1);
  m.emit({ type: "ksm_stable", pfn: merged.pfn });
  stable_tree_append(m, twin, merged);
  stable_tree_append(m, at, merged);
}

/** What the era may do to pages while it merges them. */
function kernelOf(m: Machine): KsmKernel {
  const frame = (at: KsmPage) => frameAt(m, at)!;
  return {
    frame,
    pte: ({ mm, vpn }) => mm.ptes.get(vpn)!,
    leaves(at) {
      const { pfn, refcount, mapcount } = frame(at);
      m.note({ at: "write_protect_page", pfn, refcount, mapcount });
    },
    unmarks: (at) => m.emit({ type: "exclusive", pfn: frame(at).pfn, value: false }),
    protects({ mm, vpn }) {
      m.emit({ type: "protect", mm: mm.id, vpn, writable: false, dirty: false });
    },
    makesKsm(at) {
      const page = frame(at);
      m.emit({ type: "ksm_page", pfn: page.pfn, value: true });
      set_page_dirty(m, page); // so that reclaim does not drop it, though its entry is clean
    },
    maps(at, { pfn }) {
      const { mm, vpn } = at, old = frame(at).pfn;
      const pte = { pfn, writable: false, dirty: false };
      m.emit({ type: "set_pte", mm: mm.id, vpn, pte, exclusive: false });
      free_swap_cache(m, m.state.frames.get(old));
    },
    breaks: ({ mm, vpn }) => break_ksm(m, mm, vpn * PAGE_SIZE),
  };
}

/**
 * The merged frame of the same contents, which any page must be known to map still: `is_page_sharing_candidate()`. Where
 * there are several, a chain, it is the one that was found or inserted last. Models `stable_tree_search()` and
 * `stable_node_dup()`.
 */
function stable_tree_search(m: Machine, page: Frame): Frame | undefined {
  const alike = [...m.state.ksm.stable].reverse().map((pfn) => m.page(pfn))
    .filter(({ bytes }) => sameBytes(bytes, page.bytes));
  const found = alike.find(({ pfn }) => isShared(m, pfn));
  if (found && found !== alike[0]) m.emit({ type: "ksm_stable", pfn: found.pfn });
  return found;
}

/** Does any page stand in the list of a merged frame, `rmap_hlist_len`? Whether it maps it still is not looked at. */
function isShared(m: Machine, pfn: Pfn): boolean {
  for (const items of m.state.ksm.items.values()) {
    for (const { head } of items.values()) if (head === pfn) return true;
  }
  return false;
}

/**
 * Is a mapping of a merged frame found from the frame? Only where the frame's list has a page of that address, of the same
 * process or of one that fork has related to it. Models `rmap_walk_ksm()`.
 * Left out: that a child's page leads to its own children only.
 */
export function rmap_walk_ksm(m: Machine, { pfn }: Frame, vpn: Vpn): boolean {
  if (!m.state.ksm.stable.has(pfn)) return false;
  for (const items of m.state.ksm.items.values()) if (items.get(vpn)?.head === pfn) return true;
  return false;
}

function frameAt(m: Machine, { mm, vpn }: KsmPage): Frame | undefined {
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
    forget(m, mm, 0, Infinity);
  }
  for (const pfn of [...m.state.ksm.stable]) {
    if (m.page(pfn).mapcount === 0) m.emit({ type: "ksm_unstable", pfn }); // remove_all_stable_nodes()
  }
}

/** Equal contents: what lies behind the last byte ever written is zero. */
function sameBytes(one: Contents, other: Contents): boolean {
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at++) if ((one[at] ?? 0) !== (other[at] ?? 0)) return false;
  return true;
}
