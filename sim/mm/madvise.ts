/**
 * Advice, some of which is an order: MADV_DONTNEED drops pages, MADV_DONTFORK keeps them from a child. Models mm/madvise.c.
 * Left out: advice about reading ahead, huge pages, core dumps, guards and bad memory. MADV_COLD only says what it refuses:
 * there are no LRU lists here. And the lock of a single mapping, which late kernels take instead of the mmap_lock.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { mapsText, offset_in_page } from "../address.ts";
import { atomic, type Machine, type Path } from "../machine.ts";
import type { Era } from "../policy.ts";
import { type Addr, type Mm, PAGE_SIZE, PageAnon, type Vma } from "../state.ts";
import {
  FOLL_WRITE,
  MADV_COLD,
  MADV_COPYONFORK,
  MADV_DOFORK,
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_FREE,
  MADV_KEEPONFORK,
  MADV_MERGEABLE,
  MADV_NORMAL,
  MADV_PAGEOUT,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_UNMERGEABLE,
  MADV_WIPEONFORK,
  VM_COPYONFORK,
  VM_DONTCOPY,
  VM_IO,
  VM_LOCKED,
  VM_MERGEABLE,
  VM_PFNMAP,
  VM_READ,
  VM_SHARED,
  VM_SPECIAL,
  VM_WIPEONFORK,
  VM_WRITE,
} from "../uapi.ts";
import { populate_vma_page_range } from "./gup.ts";
import { __ksm_enter, isMergeable, unmerge_ksm_pages } from "./ksm.ts";
import { entriesOf, swappedIn, zap_page_range, zapEntries } from "./memory.ts";
import { pageRange } from "./mmap.ts";
import { folio_free_swap } from "./swap.ts";
import { reclaimPage } from "./vmscan.ts";
import { visitVmas, vma_modify_flags } from "./vma.ts";

/** The largest address, above which a range wraps; 64-bit, as far as a number is exact. */
const ULONG_MAX = Number.MAX_SAFE_INTEGER;

/**
 * Takes advice on `length` bytes from `start`, rounded up to whole pages. Models `do_madvise()`, which holds the mmap_lock
 * for write where the advice changes mappings, and for read where it goes through them; see {@linkcode Era.madviseReads}.
 *
 * A hole in the range is an error only at the end: what is mapped behind it has taken the advice. Any other error stops
 * at once.
 *
 * @throws Errno EINVAL for an unknown advice, an unaligned address, a range that wraps, or a mapping that refuses;
 * ENOMEM for a hole
 */
export function* do_madvise(
  m: Machine,
  mm: Mm,
  start: Addr,
  length: number,
  advice: number,
): Path<void> {
  const act = advices.get(advice);
  const populates = advice === MADV_POPULATE_READ || advice === MADV_POPULATE_WRITE;
  const known = populates ? m.era.madvPopulate : act &&
    (advice !== MADV_COPYONFORK || m.proposals.MADV_COPYONFORK);
  if (!known) throw new Errno("EINVAL", `madvise: ${advice} is no advice`);
  if (offset_in_page(start) !== 0) {
    throw new Errno("EINVAL", `madvise(0x${start.toString(16)}): the address is not page-aligned`);
  }
  const end = start + Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
  if (length < 0 || end > ULONG_MAX) throw new Errno("EINVAL", "madvise: the range wraps");
  if (end === start) return;
  const path = act
    ? madvise_walk_vmas(m, mm, start, end, advice, act)
    : madvise_populate(m, mm, start, end, advice);
  const reads = !act || act.reads;
  yield* m.locked(mm, reads && m.era.madviseReads ? "read" : "write", path);
}

/** Gives the advice to each part of a mapping in the range. Models `madvise_walk_vmas()`. */
function* madvise_walk_vmas(
  m: Machine,
  mm: Mm,
  start: Addr,
  end: Addr,
  advice: number,
  act: Advice,
): Path<void> {
  const parts: [vma: Vma, from: Addr, to: Addr][] = [];
  const hole = visitVmas(mm, start, end, (...part) => void parts.push(part));
  for (const [vma, from, to] of parts) {
    const why = act.refuses(vma, m.era);
    if (why) throw new Errno("EINVAL", `madvise(${hex(from)}, ${advice}): ${why}`);
    yield* m.pteLock(mm);
    const path = act.does(m, mm, vma, from, to);
    if (path) yield* path;
  }
  if (hole !== undefined) throw new Errno("ENOMEM", notAllMapped(mm, start, end));
}

/**
 * An advice: why a mapping refuses it, and what it does to a part of one, interrupted or not. Models
 * `madvise_vma_behavior()`.
 */
interface Advice {
  /** It changes no mapping, so that the mmap_lock is held for read. Models `madvise_need_mmap_write()`. */
  readonly reads?: boolean;
  refuses(vma: Vma, era: Era): string | undefined;
  does(m: Machine, mm: Mm, vma: Vma, from: Addr, to: Addr): Path<void> | void;
}

const never = () => undefined;
const locked = ({ flags }: Vma) =>
  flags & (VM_LOCKED | VM_PFNMAP) ? "the mapping is locked, or a device's" : undefined;
const notPrivate = ({ flags, object }: Vma) =>
  object || flags & VM_SHARED ? "the mapping is not private memory" : undefined;

/** Advice that is remembered as a flag of the mapping. */
function flag(change: (flags: number) => number, refuses: Advice["refuses"] = never): Advice {
  return { refuses, does: (m, mm, _, from, to) => void vma_modify_flags(m, mm, from, to, change) };
}

const advices = new Map<number, Advice>([
  [MADV_NORMAL, { refuses: never, does: () => {} }],
  [MADV_DONTNEED, {
    reads: true,
    refuses: locked,
    does: (m, mm, _, from, to) => zap_page_range(m, mm, from, to),
  }],
  [MADV_FREE, {
    reads: true,
    refuses: (vma) => notPrivate(vma) ?? locked(vma),
    does: (m, mm, _, from, to) => madvise_free(m, mm, from, to),
  }],
  [MADV_COLD, { reads: true, refuses: locked, does: () => {} }],
  [MADV_PAGEOUT, {
    reads: true,
    refuses: locked,
    *does(m, mm, vma, from, to) {
      for (const [vpn] of entriesOf(mm, { start: from, end: to })) {
        yield* reclaimPage(m, mm, vma, vpn);
      }
    },
  }],
  [MADV_DONTFORK, flag((flags) => flags | VM_DONTCOPY)],
  // The mapping's driver has set VM_DONTCOPY itself, and its user may not undo it.
  [
    MADV_DOFORK,
    flag(
      (flags) => flags & ~VM_DONTCOPY,
      ({ flags }, { doforkRefusesSpecial }) =>
        flags & (doforkRefusesSpecial ? VM_SPECIAL : VM_IO)
          ? "the mapping is a device's"
          : undefined,
    ),
  ],
  [MADV_WIPEONFORK, flag((flags) => flags | VM_WIPEONFORK, notPrivate)],
  [MADV_KEEPONFORK, flag((flags) => flags & ~VM_WIPEONFORK)],
  [MADV_COPYONFORK, flag((flags) => flags | VM_COPYONFORK)],
  [MADV_MERGEABLE, {
    refuses: never,
    does: (m, mm, vma, from, to) => {
      if (!isMergeable(vma)) return;
      __ksm_enter(m, mm);
      vma_modify_flags(m, mm, from, to, (flags) => flags | VM_MERGEABLE);
    },
  }],
  [MADV_UNMERGEABLE, {
    refuses: never,
    does: (m, mm, vma, from, to) => {
      if (!(vma.flags & VM_MERGEABLE)) return;
      unmerge_ksm_pages(m, mm, from, to);
      vma_modify_flags(m, mm, from, to, (flags) => flags & ~VM_MERGEABLE);
    },
  }],
]);

/**
 * Gives pages up for as long as nobody writes to them: their entries are clean from now on, and reclaim drops what is.
 * A swapped-out page is dropped at once. Models `madvise_free_pte_range()`.
 */
function madvise_free(m: Machine, mm: Mm, start: Addr, end: Addr): void {
  const swapped = swappedIn(mm, { start, end });
  for (const [vpn, pte] of entriesOf(mm, { start, end })) {
    const page = m.page(pte.pfn);
    if (!PageAnon(page)) continue;
    if (page.swap || page.dirty) {
      if (page.mapcount !== 1 || page.swap && !folio_free_swap(m, page)) continue;
      if (page.dirty) m.emit({ type: "page_dirty", pfn: page.pfn, value: false });
    }
    if (pte.dirty) {
      m.emit({ type: "protect", mm: mm.id, vpn, writable: pte.writable, dirty: false });
    }
    if (!page.lazyfree) m.emit({ type: "lazyfree", pfn: page.pfn, value: true });
  }
  zapEntries(m, mm, swapped);
}

/**
 * Faults a range in, and stops at the first page that cannot be had. Models `madvise_populate()`.
 *
 * @throws Errno ENOMEM for a hole, EINVAL where the mapping forbids it, EFAULT past the end of a file
 */
function* madvise_populate(
  m: Machine,
  mm: Mm,
  start: Addr,
  end: Addr,
  advice: number,
): Path<void> {
  const [gup_flags, needed] = advice === MADV_POPULATE_WRITE
    ? [FOLL_WRITE, VM_WRITE]
    : [0, VM_READ];
  for (let at = start; at < end;) {
    const vma = m.vma(mm, at);
    if (!vma) throw new Errno("ENOMEM", notAllMapped(mm, start, end));
    if (!(vma.flags & needed) || vma.flags & (VM_IO | VM_PFNMAP)) {
      throw new Errno("EINVAL", `madvise(${hex(at)}, ${advice}): the mapping does not allow it`);
    }
    const to = Math.min(vma.end, end);
    yield* populate_vma_page_range(m, mm, at, to, gup_flags);
    at = to;
  }
}

function notAllMapped(mm: Mm, start: Addr, end: Addr): string {
  return `madvise(${hex(start)}-${hex(end)}): not all mapped: ${mapsText(mm)}`;
}

/**
 * The system call that was thought of before everything else: marks whole pages as not to be copied, or takes the mark
 * away, with the mmap_lock held for write. Who asked how often, its users would have counted.
 *
 * @throws Errno ENOSYS on a kernel that was not patched, EINVAL for an unaligned address, ENOMEM for a hole
 */
export function* sys_mark_nocopy(
  m: Machine,
  mm: Mm,
  addr: Addr,
  pages: number,
  mark: boolean,
): Path<void> {
  if (!m.proposals.sys_mark_nocopy) throw new Errno("ENOSYS", "sys_mark_nocopy: no such call");
  const { start, end } = pageRange("sys_mark_nocopy", addr, pages);
  const change = (flags: number) => mark ? flags | VM_DONTCOPY : flags & ~VM_DONTCOPY;
  const modify = () => vma_modify_flags(m, mm, start, end, change);
  const hole = yield* m.locked(mm, "write", atomic(modify));
  if (hole === undefined) return;
  throw new Errno("ENOMEM", `sys_mark_nocopy: nothing is mapped at ${hex(hole)}: ${mapsText(mm)}`);
}

function hex(addr: Addr): string {
  return `0x${addr.toString(16)}`;
}
