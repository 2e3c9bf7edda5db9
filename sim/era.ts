/**
 * The eras: what Linux answered, at different times, to the questions on which the fate of a shared page hangs.
 *
 * An era is an older one with the changed answers replaced. Eras are named for their rule, never for a version, because
 * distributions backport; the comment of each says where mainline had it. Nothing is decided by a release number.
 * An era decides about pages: faults, fork, get_user_pages, swap and KSM. Of system calls it says what was seen to differ,
 * such as MADV_POPULATE_READ or an mremap of several mappings; in all else they are those of a late kernel in every era.
 *
 * @module
 */

import { try_to_merge_two_pages, try_to_merge_with_ksm_page } from "./ksm_merge.ts";
import type { Era } from "./policy.ts";
import { page_maybe_dma_pinned, PageAnon, type Pte } from "./state.ts";
import { FOLL_LONGTERM, FOLL_PIN, FOLL_WRITE } from "./uapi.ts";

/**
 * Up to 2.6.12: a frame is reused when nobody else refers to it at all.
 * Source: mm/memory.c `do_wp_page()` and mm/swapfile.c `can_share_swap_page()` at v2.6.12.1.
 * A page in the swap cache may be kept when no entry needs its slot. So that a page under get_user_pages is not swapped
 * out and copied afterwards, reclaim leaves every page mapped to which anybody else refers (mm/rmap.c
 * `try_to_unmap_one()`, since 2.6.7). Left out: the trylock of the page lock.
 */
export const refcountOld: Era = {
  name: "refcount_old",
  commit: "",
  releases: "up to 2.6.12",
  wpCanReuse: (page, swapCount = 0) => swapCount === 0 && page.refcount === (page.swap ? 2 : 1),
  forkMustCopy: () => false,
  gupMustBreakCow: () => false,
  gupMustUnshare: () => false,
  forcedWrite: "forgets",
  countsPins: false,
  anonExclusive: false,
  unsharesAnything: false,
  wpDropsSwapCache: false,
  reuseFreesSwap: false,
  ksmReuse: false,
  swapOutIsExclusive: () => false,
  forkKeepsSwapExclusive: () => false,
  swapInCanReuse: (page, swapCount, _, write) => write && page.refcount === 1 && swapCount <= 1,
  swapInWritesOnRead: false,
  swapInBypassesCache: false,
  reclaimSkips: "referenced",
  lazyfreeDespiteGet: true,
  mprotectUpgrades: false,
  zeroPage: "mapped",
  forkSkipsUntouched: false,
  madviseReads: false,
  doforkRefusesSpecial: false,
  madvPopulate: false,
  mremapMultiVma: false,
  ksmMergeWith: try_to_merge_with_ksm_page,
  ksmMergeTwo: try_to_merge_two_pages,
  ksmBreaks: "write",
  ksmSmartScan: false,
  gupFast: false,
  writeProtectSeq: false,
  gupFastOrdered: false,
  bioPins: false,
  fusePins: false,
  refusesFileBuffers: false,
  umemForcesWrite: true,
};

/**
 * 2.6.13 to 5.7.2: a frame that one page table maps is reused, whoever else refers to it; swap entries count as mappings.
 * Sources: c475a8ab625d "can_share_swap_page: use page_mapcount"; 0a27a14a6292 "mm: madvise avoid exclusive mmap_sem",
 * posted in April 2007, and 19be0eaffa3a "mm: remove gup_flags FOLL_WRITE games from __get_user_pages()" (4.9): what came
 * before them, `releases` has. So it has the years without the zero page, 2.6.24 to 2.6.31, that fork copied every
 * mapping until 2.6.14, and that a page which was kept stayed in the swap cache up to 2.6.28, `can_share_swap_page()`.
 * Left out: the trylock of the page lock; whether the last of these kernels count pins, since nothing in them asks for
 * the count; that gup-fast came only with 2.6.27, 8174c430e445 "x86: lockless get_user_pages_fast()". That a slot with one
 * entry is read past the swap cache was not so from the beginning, but is in 5.4.
 */
export const mapcount: Era = {
  ...refcountOld,
  name: "mapcount",
  commit: "c475a8ab625d",
  releases: "2.6.13 to 5.7",
  wpCanReuse: (page, swapCount = 0) => page.mapcount + swapCount === 1,
  forcedWrite: "dirty",
  swapInCanReuse: (page, swapCount, _, write) => write && page.mapcount + swapCount <= 1,
  swapInBypassesCache: true,
  reclaimSkips: "nothing",
  reuseFreesSwap: true,
  forkSkipsUntouched: true,
  madviseReads: true,
  gupFast: true,
};

/**
 * 5.8, and the kernels before it that took it over, from 5.7.3, 5.6.19 and 5.4.47 on: whoever asks for a page of a private mapping, even to read, first
 * breaks the sharing. Left out: callers that only try the fast way, who may still get a shared page.
 * Source: 17839856fd58 "gup: document and work around "COW can break either way" issue".
 */
export const readGupBreaksCow: Era = {
  ...mapcount,
  name: "read_gup_breaks_cow",
  commit: "17839856fd58",
  releases: "5.8",
  gupMustBreakCow: () => true,
  ksmReuse: true,
};

/**
 * 5.9 to 5.18: any reference forces a copy, not only a mapping; in return fork copies pinned pages at once. It undoes
 * the era before it. A write that swaps a page in keeps the rule `mapcount` to 5.17, and so do huge pages. What the
 * first of these kernels still lacked, `releases` has. Left out: the page lock. Sources: 09854ba94c6a "mm: do_wp_page()
 * simplification", a308c71bf1e6 "mm/gup: Remove enfornced COW mechanism", 70e806e4e645 "mm: Do early cow for pinned pages
 * during fork() for ptes", feb889fb40fa (reclaim, 5.11 and 5.10.9), 57efa1fe5957 (write_protect_seq, 5.11 and 5.10.4).
 */
export const pageCount: Era = {
  ...mapcount,
  name: "page_count",
  commit: "09854ba94c6a",
  releases: "5.9 to 5.18",
  wpCanReuse: (page) => page.refcount === 1,
  forkMustCopy: (page, mm) => mm.hasPinned && page_maybe_dma_pinned(page),
  countsPins: true,
  reclaimSkips: "pinned",
  lazyfreeDespiteGet: false,
  writeProtectSeq: true,
};

/**
 * 5.19 to 6.1: a frame marked exclusive is always reused, no anonymous frame is pinned unless it is exclusive, and a
 * pinned exclusive frame is never shared. Sources: 6c287605fd56 "mm: remember exclusively mapped anonymous pages with
 * PG_anon_exclusive", 64fe24a3e05e (6.0: mprotect goes by the mark), 5535be309971 "mm/gup: fix FOLL_FORCE COW security
 * issue and remove FOLL_COW" (6.0), 088b8aa537c2 "mm: fix PageAnonExclusive clearing
 * racing with concurrent RCU GUP-fast" (6.1).
 */
export const anonExclusive: Era = {
  ...pageCount,
  name: "anon_exclusive",
  commit: "6c287605fd56",
  releases: "5.19 to 6.1",
  wpCanReuse: (page) => page.anonExclusive || pageCount.wpCanReuse(page),
  forkMustCopy: (page, mm) => page.anonExclusive && pageCount.forkMustCopy(page, mm),
  gupMustUnshare: (page, pte, gup_flags) =>
    isReadOnlyPin(pte, gup_flags) && PageAnon(page) && !page.anonExclusive,
  forcedWrite: "exclusive",
  anonExclusive: true,
  swapOutIsExclusive: (page) => page.anonExclusive,
  swapInCanReuse: (page, swapCount, entry, write) =>
    entry.exclusive || swapCount === 0 || write && page.refcount === 1 && swapCount === 1,
  wpDropsSwapCache: true,
  mprotectUpgrades: true,
  madvPopulate: true,
  gupFastOrdered: true,
};

/**
 * 6.2 to 6.14: a long-term read-only pin replaces the zero page and pages of files first.
 * Source: 84209e87c696 "mm/gup: reliable R/O long-term pinning in COW mappings". What is said of swap-in and of KSM was
 * seen on 6.12 and not on 6.1; where between the two each came was not looked at.
 */
export const roLongterm: Era = {
  ...anonExclusive,
  name: "ro_longterm",
  commit: "84209e87c696",
  releases: "6.2 to 6.14",
  gupMustUnshare: (page, pte, gup_flags) =>
    anonExclusive.gupMustUnshare(page, pte, gup_flags) ||
    isReadOnlyPin(pte, gup_flags) && !PageAnon(page) && (gup_flags & FOLL_LONGTERM) !== 0,
  unsharesAnything: true,
  swapInWritesOnRead: true,
  ksmBreaks: "unshare",
  ksmSmartScan: true,
};

/**
 * 6.15 and later: pages of 4 KiB are kept and copied as before; a large folio, which the machine does not have, may be
 * kept when all references to it are mappings of one mm. Direct I/O takes pins, as it did on 6.12 already. Sources: 6af8cb80d3a9 "mm/rmap: basic MM
 * owner tracking for large folios (!hugetlb)", 1da190f4d0a6 "mm: Copy-on-Write (COW) reuse support for PTE-mapped THP".
 * That the release is 6.15 was not checked: 6.12 does not have it, 7.2 does. mremap of several mappings was seen on
 * 6.18. That RDMA no longer asks to write by force (b40656aa7d55 "RDMA/umem: remove FOLL_FORCE usage") is in the source of 7.2
 * and not of 6.1; what lies between was not looked at.
 */
export const largeFolio: Era = {
  ...roLongterm,
  name: "large_folio",
  commit: "1da190f4d0a6",
  releases: "6.15 to 7.2",
  mremapMultiVma: true,
  bioPins: true,
  fusePins: true,
  umemForcesWrite: false,
};

function isReadOnlyPin(pte: Pte, gup_flags: number): boolean {
  return (gup_flags & FOLL_PIN) !== 0 && (gup_flags & FOLL_WRITE) === 0 && !pte.writable;
}

/** Every era of the machine, oldest first. */
export const eras: readonly Era[] = [
  refcountOld,
  mapcount,
  readGupBreaksCow,
  pageCount,
  anonExclusive,
  roLongterm,
  largeFolio,
];

/**
 * Finds an era by its name.
 *
 * @throws RangeError when there is none; the message lists them
 */
export function eraNamed(name: string): Era {
  const era = eras.find((one) => one.name === name);
  if (era) return era;
  throw new RangeError(`no era is named ${name}: there are ${eras.map((e) => e.name).join(", ")}`);
}
