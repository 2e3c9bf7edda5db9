// This module is browser compatible.
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

import type { Build, Era, Release } from "./policy.ts";
import { page_maybe_dma_pinned, PageAnon, type Pte } from "./state.ts";
import { FOLL_LONGTERM, FOLL_PIN, FOLL_WRITE } from "./uapi.ts";

/**
 * Up to 2.6.12: a frame is reused when nobody else refers to it at all.
 * Source: mm/memory.c `do_wp_page()` and mm/swapfile.c `can_share_swap_page()` at v2.6.12.1.
 * A page in the swap cache may be kept when no entry needs its slot. So that a page under get_user_pages is not swapped
 * out and copied afterwards, reclaim leaves every page mapped to which anybody else refers (mm/rmap.c
 * `try_to_unmap_one()`). Left out: the trylock of the page lock.
 */
export const refcountOld: Era = {
  name: "refcount_old",
  commit: "",
  releases: "up to 2.6.12",
  wpCanReuse: (page, swapCount = 0) => swapCount === 0 && page.refcount === (page.swap ? 2 : 1),
  forkMustCopy: () => false,
  gupMustBreakCow: () => false,
  gupMustUnshare: () => false,
  countsPins: false,
  anonExclusive: false,
  unsharesAnything: false,
  wpDropsSwapCache: false,
  ksmReuse: false,
  swapOutIsExclusive: () => false,
  forkKeepsSwapExclusive: () => false,
  swapInCanReuse: (page, swapCount, _, write) => write && page.refcount === 1 && swapCount <= 1,
  swapInWritesOnRead: false,
  swapInBypassesCache: false,
  reclaimSkips: "referenced",
  lazyfreeDespiteGet: true,
  mprotectUpgrades: false,
  madvPopulate: false,
  mremapMultiVma: false,
  ksmBreaks: "write",
  ksmSmartScan: false,
  gupFast: false,
  writeProtectSeq: false,
  gupFastOrdered: false,
  directIo: "get",
  refusesFileBuffers: false,
  umemForcesWrite: true,
};

/**
 * 2.6.13 to 5.7: a frame that one page table maps is reused, whoever else refers to it; swap entries count as mappings.
 * Source: c475a8ab625d "can_share_swap_page: use page_mapcount".
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
  swapInCanReuse: (page, swapCount, _, write) => write && page.mapcount + swapCount <= 1,
  swapInBypassesCache: true,
  reclaimSkips: "nothing",
  gupFast: true,
};

/**
 * 5.8, and the long-term kernels that took it over: whoever asks for a page of a private mapping, even to read, first
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
 * PG_anon_exclusive", 088b8aa537c2 "mm: fix PageAnonExclusive clearing racing with concurrent RCU GUP-fast" (6.1).
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
  directIo: "pin",
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

/** How distributions build them, for what was not looked at. */
const usual: Build = { refusesForce: false, softDirty: true };

/** 5.18: swap-in follows the rule of the write fault, and that one takes a page out of the swap cache first. */
const pageCountEverywhere: Partial<Era> = {
  madvPopulate: true,
  wpDropsSwapCache: true,
  swapInCanReuse: refcountOld.swapInCanReuse,
};

/** Seen on 7.2 and not on 6.18: every slot is read through the swap cache. That it is read alone, no answer tells. */
const throughSwapCache: Partial<Era> = { swapInBypassesCache: false };

/** Direct I/O by pins: a7e689dd1c06 "block: Convert bio_iov_iter_get_pages to use iov_iter_extract_pages". */
const pins: Partial<Era> = { directIo: "pin" };

/** Seen on some kernels of 5.4 to 5.13, and in the source of 5.4.291. */
const fileBuffers: Partial<Era> = { refusesFileBuffers: true };

/** 5.1 to 5.8: 52d1e606ee73, whose number was not checked; the code is in 5.4.291. */
const reuses: Partial<Era> = { ksmReuse: true, ...fileBuffers };

/** The backports of 5.8 to kernels before 5.1, which never let a merged page be written. */
const backported: Partial<Era> = { ksmReuse: false };

/** The kernels that answered the recorded scenes. 5.4.59 has the rule of 5.8, which 5.4.38 has not. */
export const releases: readonly Release[] = [
  kernel("5.4.38", mapcount, reuses),
  kernel("5.4.59", readGupBreaksCow, reuses),
  kernel("5.10.223", pageCount),
  kernel("6.1.176", anonExclusive),
  kernel("6.12.107", roLongterm, pins),
  kernel("6.18.44", largeFolio, {}, { ...usual, softDirty: false }),
  kernel("7.2.13", largeFolio, throughSwapCache, { ...usual, refusesForce: true }),
];

function kernel(release: string, era: Era, answers: Partial<Era> = {}, build = usual): Release {
  return { release, era: { ...era, ...answers }, build };
}

/** What is known of a run of releases: from the first to the last that was looked at, or that a source names. */
type Run = readonly [from: string, to: string, era: Era, answers?: Partial<Era>];

/** Mainline, and the long-term kernels that have a rule of their own; what lies between two runs was not looked at. */
const runs: readonly Run[] = [
  ["2.6.0", "2.6.12", refcountOld],
  ["2.6.13", "2.6.39", mapcount],
  ["3.0", "4.3", mapcount],
  ["4.4", "4.4.288", mapcount], // the announcement of 4.4.289, 17 October 2021
  ["4.4.289", "4.4", readGupBreaksCow, backported],
  ["4.5", "4.8", mapcount],
  ["4.9.0", "4.9.0", mapcount], // a first backport was faulty, the second is of January 2022; neither was looked up
  ["4.10", "4.14.231", mapcount], // the announcement of 4.14.232, 28 April 2021
  ["4.14.232", "4.14", readGupBreaksCow, backported],
  ["4.15", "4.19.188", mapcount], // the announcement of 4.19.189, 28 April 2021
  ["4.19.189", "4.19", readGupBreaksCow, backported],
  ["4.20", "5.0", mapcount],
  ["5.1", "5.4.38", mapcount, reuses],
  ["5.4.59", "5.4", readGupBreaksCow, reuses],
  ["5.5", "5.7", mapcount, reuses],
  ["5.8", "5.8", readGupBreaksCow, reuses],
  ["5.9", "5.10.3", pageCount, { writeProtectSeq: false, reclaimSkips: "nothing" }],
  ["5.10.4", "5.10.8", pageCount, { reclaimSkips: "nothing" }],
  ["5.10.9", "5.10", pageCount],
  ["5.11", "5.13", pageCount, fileBuffers],
  ["5.14", "5.17", pageCount, { madvPopulate: true }],
  ["5.18", "5.18", pageCount, pageCountEverywhere],
  ["5.19", "6.0", anonExclusive, { gupFastOrdered: false }],
  ["6.1", "6.1", anonExclusive],
  ["6.2", "6.8", roLongterm],
  ["6.12", "6.14", roLongterm, pins],
  ["6.18", "6.18", largeFolio],
  ["7.2", "7.2", largeFolio, throughSwapCache],
];

/**
 * A kernel by its release, or an era by its name, as its mainline kernels were.
 *
 * @param name `6.1.176`, `6.1`, or what `uname -r` prints; or `page_count`
 * @throws RangeError when nothing is known of it: the message names its neighbours, or lists what there is
 */
export function releaseNamed(name: string): Release {
  const era = eras.find((one) => one.name === name);
  if (era) return kernel(name, era);
  const version = name.match(/^\d+(?:\.\d+)+/)?.[0];
  if (!version) {
    const known = [...releases.map(({ release }) => release), ...eras.map(({ name }) => name)];
    throw new RangeError(`no kernel is known as ${name}: there are ${known.join(", ")}`);
  }
  const exact = releases.find(({ release }) => release === version);
  if (exact) return exact;
  const [, to = "", ruling, answers] = runs.findLast(([from]) => order(from) <= order(version)) ??
    [];
  if (ruling && order(version) <= order(to, 999)) return kernel(version, ruling, answers);
  const next = runs.find(([from]) => order(from) > order(version));
  const before = ruling && `${to} (${ruling.name})`, after = next && `${next[0]} (${next[2].name})`;
  const where = before && after
    ? `between ${before} and ${after}`
    : before
    ? `later than ${before}`
    : `older than ${after}`;
  throw new RangeError(`nothing is known of ${version}, ${where}: name one of these, or an era`);
}

/** A version as a number that sorts; `last` stands for a patch that is not named. */
function order(version: string, last = 0): number {
  const [major, minor, patch = last] = version.split(".").map(Number) as [number, number, number?];
  return (major * 1000 + minor) * 1000 + patch;
}
