/**
 * get_user_pages without a lock: a page is referenced first, and then its entry is looked at again. Models the fast path
 * of mm/gup.c, in arch/x86/mm/gup.c until 4.13.
 * Left out: what keeps a page table from being freed meanwhile; huge pages; that a write to a file is refused.
 *
 * @module
 */

import { vpnOf } from "../address.ts";
import { Errno } from "../errno.ts";
import type { Machine, Path } from "../machine.ts";
import { type Addr, isCounted, type Mm, PAGE_SIZE, type Pfn, type Pte } from "../state.ts";
import { FOLL_WRITE, GUP_PIN_COUNTING_BIAS, VM_ACCESS_FLAGS } from "../uapi.ts";
import { get_user_pages, mm_set_has_pinned_flag } from "./gup.ts";
import { pte_same } from "./memory.ts";

/**
 * Takes a reference to each frame behind `nr_pages` pages at `start`, without the mmap_lock as far as that goes; the rest
 * is {@linkcode get_user_pages}'s. Models `gup_fast_fallback()`.
 *
 * @param gup_flags as there, and `holder` as well; the references are the holder's when all of them are taken
 * @returns the frames, fewer than `nr_pages` when a later page cannot be had
 * @throws Errno EFAULT when not even the first can
 */
export function* get_user_pages_fast(
  m: Machine,
  mm: Mm,
  start: Addr,
  nr_pages: number,
  gup_flags: number,
  holder: string,
): Path<Pfn[]> {
  const refs = mm_set_has_pinned_flag(m, mm, gup_flags);
  const pfns = m.era.gupFast
    ? yield* gup_fast(m, mm, start, nr_pages, gup_flags, refs, holder)
    : [];
  const left = nr_pages - pfns.length;
  if (left === 0) return pfns;
  const from = start + pfns.length * PAGE_SIZE;
  try {
    return [...pfns, ...yield* get_user_pages(m, mm, from, left, gup_flags, holder)];
  } catch (error) {
    if (error instanceof Errno && pfns.length > 0) return pfns;
    throw error;
  }
}

/**
 * The pages that can be had without a lock. fork must not ask whether a page is pinned just before it is: the sequence
 * that is odd while fork copies is read before and after, where the kernel has it, and only by those who pin. Models
 * `gup_fast()`.
 */
function* gup_fast(
  m: Machine,
  mm: Mm,
  start: Addr,
  nr_pages: number,
  gup_flags: number,
  refs: number,
  holder: string,
): Path<Pfn[]> {
  const by = `gup_fast ${m.trace.length}`;
  const asksSeq = m.era.writeProtectSeq && refs === GUP_PIN_COUNTING_BIAS;
  const seq = mm.writeProtectSeq, pfns: Pfn[] = [];
  if (asksSeq && seq % 2 === 1) {
    m.saw({ at: "gup_fast", writeProtectSeq: "odd" });
    return pfns;
  }
  if (asksSeq) {
    m.saw({ at: "gup_fast", writeProtectSeq: "even" });
    yield;
  }
  while (pfns.length < nr_pages) {
    const addr = start + pfns.length * PAGE_SIZE;
    const pfn = yield* gup_fast_pte_range(m, mm, addr, gup_flags, refs, by);
    if (pfn === undefined) break;
    pfns.push(pfn);
    if (asksSeq || pfns.length < nr_pages) yield;
  }
  if (asksSeq && mm.writeProtectSeq !== seq) {
    m.saw({ at: "gup_fast", writeProtectSeq: "changed" });
    while (pfns.pop() !== undefined) m.emit({ type: "ungrab", by });
  }
  if (pfns.length > 0) m.emit({ type: "keep", by, holder });
  return pfns;
}

/**
 * One page, with the steps in the kernel's order: read the entry, take the reference, read the entry again, and only then
 * ask whether the frame is exclusive. Models `gup_fast_pte_range()`.
 */
function* gup_fast_pte_range(
  m: Machine,
  mm: Mm,
  addr: Addr,
  gup_flags: number,
  refs: number,
  by: string,
): Path<Pfn | undefined> {
  const at = "gup_fast_pte_range", now = m.pte(mm, addr);
  if (!now || !pte_access_permitted(m, mm, addr, now, gup_flags)) {
    m.saw({ at, entry: "refuses" });
    return undefined;
  }
  const pte = { ...now }, { pfn } = pte;
  m.saw({ at, entry: "allows", pfn, writable: pte.writable });
  yield;
  if (!m.state.frames.has(pfn)) {
    m.saw({ at, entry: "freed", pfn });
    return undefined;
  }
  m.emit({ type: "try_grab", pfn, refs, by, given: { mm: mm.id, vpn: vpnOf(addr) } });
  yield;
  const changed = !pte_same(m.pte(mm, addr), pte);
  if (!changed && !m.era.gupMustUnshare(m.page(pfn), pte, gup_flags)) {
    m.saw({ at, entry: "same", pfn });
    return pfn;
  }
  m.emit({ type: "ungrab", by });
  m.saw({ at, entry: changed ? "changed" : "shared", pfn });
}

/**
 * Does the entry allow what is asked for? The VMA is not looked at, so what may be shared counts as shared: where a read
 * must break copy-on-write, every read needs a writable entry. The zero page and a device's have entries that say so,
 * `pte_special`; so do those of a mapping without permissions, whose bit is here the mapping's. Models
 * `pte_access_permitted()`.
 */
function pte_access_permitted(
  m: Machine,
  mm: Mm,
  addr: Addr,
  pte: Pte,
  gup_flags: number,
): boolean {
  if (!isCounted(m.page(pte.pfn))) return false;
  if (!((m.vma(mm, addr)?.flags ?? 0) & VM_ACCESS_FLAGS)) return false;
  const write = (gup_flags & FOLL_WRITE) !== 0 || m.era.gupMustBreakCow(gup_flags);
  return pte.writable || !write;
}
