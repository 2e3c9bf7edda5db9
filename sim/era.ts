// This module is browser compatible.
/**
 * The eras: what Linux answered, at different times, to the questions on which the fate of a shared page hangs.
 *
 * An era is an older one with the changed answers replaced. Eras are named for their rule, never for a version, because
 * distributions backport; the comment of each says where mainline had it. Nothing is decided by a release number.
 * An era decides about pages: faults, fork and get_user_pages. System calls are those of a late kernel in all of them.
 *
 * @module
 */

import type { Frame, Mm, Pte } from "./state.ts";
import { FOLL_LONGTERM, FOLL_PIN, FOLL_WRITE, GUP_PIN_COUNTING_BIAS } from "./uapi.ts";

/** The answers of a kernel, a policy object. `page` and `mm` are only read. */
export interface Era {
  /** As the chapters and `--kernel` spell it. */
  readonly name: string;
  /** The mainline commit that began it; empty for what is older than the history. */
  readonly commit: string;
  /** The mainline releases that followed it, for people; nothing is decided by it. */
  readonly releases: string;
  /** May the write fault keep this anonymous frame? Otherwise it copies. Asked in `do_wp_page`. */
  wpCanReuse(page: Frame): boolean;
  /**
   * Must fork copy this frame for the child at once? Asked in `copy_present_pte`, before anything is shared. Where the
   * era does not count pins, `mm.hasPinned` is never set.
   */
  forkMustCopy(page: Frame, mm: Mm): boolean;
  /** Must get_user_pages break copy-on-write even though it only reads? Asked for each page of a private mapping. */
  gupMustBreakCow(gup_flags: number): boolean;
  /** Must a read-only pin first make the frame exclusive? Asked in `follow_page_pte`, in private mappings. */
  gupMustUnshare(page: Frame, pte: Pte, gup_flags: number): boolean;
  /** FOLL_PIN adds `GUP_PIN_COUNTING_BIAS`; before that, the machine takes a plain reference for it. */
  readonly countsPins: boolean;
  /** The kernel keeps `PG_anon_exclusive`. */
  readonly anonExclusive: boolean;
  /** An unsharing fault replaces the zero page and pages of files, too, not only anonymous ones. */
  readonly unsharesAnything: boolean;
}

/**
 * Up to 2.6.12: a frame is reused when nobody else refers to it at all.
 * Source: mm/memory.c `do_wp_page()` and mm/swapfile.c `can_share_swap_page()` at v2.6.12.1.
 * Left out: the trylock of the page lock, a page in the swap cache, and what reclaim did so that a page under
 * get_user_pages stayed mapped.
 */
export const refcountOld: Era = {
  name: "refcount_old",
  commit: "",
  releases: "up to 2.6.12",
  wpCanReuse: (page) => page.refcount === 1,
  forkMustCopy: () => false,
  gupMustBreakCow: () => false,
  gupMustUnshare: () => false,
  countsPins: false,
  anonExclusive: false,
  unsharesAnything: false,
};

/**
 * 2.6.13 to 5.7: a frame that one page table maps is reused, whoever else refers to it.
 * Source: c475a8ab625d "can_share_swap_page: use page_mapcount".
 * Left out: the trylock of the page lock, and swap entries in the count; whether the last of these kernels count pins,
 * since nothing in them asks for the count.
 */
export const mapcount: Era = {
  ...refcountOld,
  name: "mapcount",
  commit: "c475a8ab625d",
  releases: "2.6.13 to 5.7",
  wpCanReuse: (page) => page.mapcount === 1,
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
};

/**
 * 5.9 to 5.18: any reference forces a copy, not only a mapping; in return fork copies pinned pages at once. It undoes
 * the era before it. Left out: the page lock; huge pages and swap-in, which kept the rule `mapcount` to 5.17. Sources: 09854ba94c6a "mm: do_wp_page() simplification", a308c71bf1e6 "mm/gup: Remove enfornced
 * COW mechanism", 70e806e4e645 "mm: Do early cow for pinned pages during fork() for ptes".
 */
export const pageCount: Era = {
  ...mapcount,
  name: "page_count",
  commit: "09854ba94c6a",
  releases: "5.9 to 5.18",
  wpCanReuse: (page) => page.refcount === 1,
  forkMustCopy: (page, mm) => mm.hasPinned && page_maybe_dma_pinned(page),
  countsPins: true,
};

/**
 * 5.19 to 6.1: a frame marked exclusive is always reused, no anonymous frame is pinned unless it is exclusive, and a
 * pinned exclusive frame is never shared. Source: 6c287605fd56 "mm: remember exclusively mapped anonymous pages with PG_anon_exclusive".
 */
export const anonExclusive: Era = {
  ...pageCount,
  name: "anon_exclusive",
  commit: "6c287605fd56",
  releases: "5.19 to 6.1",
  wpCanReuse: (page) => page.anonExclusive || pageCount.wpCanReuse(page),
  forkMustCopy: (page, mm) => page.anonExclusive && pageCount.forkMustCopy(page, mm),
  gupMustUnshare: (page, pte, gup_flags) =>
    isReadOnlyPin(pte, gup_flags) && page.kind === "anon" && !page.anonExclusive,
  anonExclusive: true,
};

/**
 * 6.2 to 6.14: a long-term read-only pin replaces the zero page and pages of files first.
 * Source: 84209e87c696 "mm/gup: reliable R/O long-term pinning in COW mappings".
 */
export const roLongterm: Era = {
  ...anonExclusive,
  name: "ro_longterm",
  commit: "84209e87c696",
  releases: "6.2 to 6.14",
  gupMustUnshare: (page, pte, gup_flags) =>
    anonExclusive.gupMustUnshare(page, pte, gup_flags) ||
    isReadOnlyPin(pte, gup_flags) && page.kind !== "anon" && (gup_flags & FOLL_LONGTERM) !== 0,
  unsharesAnything: true,
};

/**
 * 6.15 and later: for pages of 4 KiB as before, so until the machine has large folios this answers as the era before it.
 * There, a folio may be reused when all references to it are mappings of one mm. Sources: 6af8cb80d3a9 "mm/rmap: basic MM
 * owner tracking for large folios (!hugetlb)", 1da190f4d0a6 "mm: Copy-on-Write (COW) reuse support for PTE-mapped THP".
 * That the release is 6.15 was not checked: 6.12 does not have it, 7.2 does.
 */
export const largeFolio: Era = {
  ...roLongterm,
  name: "large_folio",
  commit: "1da190f4d0a6",
  releases: "6.15 to 7.2",
};

/** May a device hold this frame by FOLL_PIN? 1024 plain references look the same: a false yes, never a false no. */
function page_maybe_dma_pinned(page: Frame): boolean {
  return page.refcount >= GUP_PIN_COUNTING_BIAS;
}

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

/** Patches that were proposed and never merged; a kernel has none of them unless it is built so. */
export interface Proposals {
  /** R. Dreier, April 2005: a system call sets VM_DONTCOPY and takes it away. */
  readonly sys_mark_nocopy?: boolean;
  /** R. Dreier, 29 April 2005: mmap and mprotect take PROT_ALWAYSCOPY, and fork copies such a page. */
  readonly PROT_ALWAYSCOPY?: boolean;
  /** M. Tsirkin, 11 August 2005: madvise takes MADV_COPYONFORK, and fork copies such a page. */
  readonly MADV_COPYONFORK?: boolean;
  /** M. Tsirkin, 19 July 2005: mmap and mprotect take PROT_DONTCOPY and set VM_DONTCOPY. */
  readonly PROT_DONTCOPY?: boolean;
  /** Named in April 2005, brought back by H. Dickins on 9 August: a flag of mmap alone. */
  readonly MAP_DONTCOPY?: boolean;
  /**
   * M. Tsirkin, 26 July 2005: get_user_pages sets VM_COPYONFORK on what it covers, and fork copies it. There never was a
   * patch; in our reading of the idea it is done for writers, "held for read" as get_user_pages is called, "held for
   * write" with every caller changed.
   */
  readonly VM_COPYONFORK?: "held for read" | "held for write";
}

/** A kernel that was looked at: its era, and where else it differs. Asked by callers of get_user_pages. */
export interface Release {
  /** As `uname -r` begins. */
  readonly release: string;
  /** Who answers in its place. */
  readonly era: Era;
  /** Direct I/O takes plain references, or pins: a7e689dd1c06 "block: Convert bio_iov_iter_get_pages to use iov_iter_extract_pages". */
  readonly directIo: "get" | "pin";
  /** io_uring refuses to register what a file or shared memory backs, after it has faulted it in. */
  readonly refusesFileBuffers: boolean;
  /** /proc/PID/mem does not override protections: how the kernel was built, not its version. */
  readonly refusesForce: boolean;
}

const recorded = { directIo: "get", refusesFileBuffers: false, refusesForce: false } as const;

/** The kernels that answered the recorded scenes. 5.4.59 has the rule of 5.8, which 5.4.38 has not. */
export const releases: readonly Release[] = [
  { ...recorded, release: "5.4.38", era: mapcount, refusesFileBuffers: true },
  { ...recorded, release: "5.4.59", era: readGupBreaksCow, refusesFileBuffers: true },
  { ...recorded, release: "5.10.223", era: pageCount },
  { ...recorded, release: "6.1.176", era: anonExclusive },
  { ...recorded, release: "6.12.107", era: roLongterm, directIo: "pin" },
  { ...recorded, release: "6.18.44", era: largeFolio, directIo: "pin" },
  { ...recorded, release: "7.2.13", era: largeFolio, directIo: "pin", refusesForce: true },
];

/**
 * A kernel by its release, or an era by its name, as its mainline kernels were.
 *
 * @throws RangeError when there is neither; the message lists both
 */
export function releaseNamed(name: string): Release {
  const release = releases.find((one) => one.release === name);
  if (release) return release;
  const era = eras.find((one) => one.name === name);
  if (era) return { ...recorded, release: name, era };
  const known = [...releases.map((one) => one.release), ...eras.map((one) => one.name)];
  throw new RangeError(`no kernel is known as ${name}: there are ${known.join(", ")}`);
}
