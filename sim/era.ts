// This module is browser compatible.
/**
 * The eras: what Linux answered, at different times, to the four questions on which the fate of a shared page hangs.
 *
 * An era is the one before it with the changed answers replaced. Eras are named for their rule, never for a version,
 * because distributions backport; the comment of each says where mainline had it.
 * Only this file knows release numbers.
 *
 * @module
 */

import {
  FOLL_PIN,
  FOLL_WRITE,
  type Frame,
  GUP_PIN_COUNTING_BIAS,
  type Mm,
  type Pte,
} from "./state.ts";

/** The answers of a kernel, a policy object. `page` and `mm` are only read. */
export interface Era {
  /** As the chapters and `--kernel` spell it. */
  readonly name: string;
  /** The mainline commit that began it. */
  readonly commit: string;
  /** The mainline releases that followed it, for people; nothing is decided by it. */
  readonly releases: string;
  /** May the write fault keep this anonymous frame? Otherwise it copies. Asked in `do_wp_page`. */
  wpCanReuse(page: Frame): boolean;
  /** Must fork copy this frame for the child at once? Asked in `copy_present_pte`, before anything is shared. */
  forkMustCopy(page: Frame, mm: Mm): boolean;
  /** Must get_user_pages break copy-on-write even though it only reads? Asked for each page of a private mapping. */
  gupMustBreakCow(gup_flags: number): boolean;
  /** Must a read-only pin first make the frame exclusive? Asked in `follow_page_pte`. */
  gupMustUnshare(page: Frame, pte: Pte, gup_flags: number): boolean;
  /** FOLL_PIN adds `GUP_PIN_COUNTING_BIAS`; before that, a pin was a plain reference. */
  readonly countsPins: boolean;
  /** The kernel keeps `PG_anon_exclusive`. */
  readonly anonExclusive: boolean;
}

/**
 * 2.6.13 to 5.7: a frame that one page table maps is reused, whoever else refers to it.
 * Source: c475a8ab625d "can_share_swap_page: use page_mapcount".
 * Left out: the trylock of the page lock, and swap entries in the count.
 */
export const mapcount: Era = {
  name: "mapcount",
  commit: "c475a8ab625d",
  releases: "2.6.13 to 5.7",
  wpCanReuse: (page) => page.mapcount === 1,
  forkMustCopy: () => false,
  gupMustBreakCow: () => false,
  gupMustUnshare: () => false,
  countsPins: false,
  anonExclusive: false,
};

/**
 * 5.9 to 5.18: any reference forces a copy, not only a mapping; in return fork copies pinned pages at once.
 * Sources: 09854ba94c6a "mm: do_wp_page() simplification", 70e806e4e645 "mm: Do early cow for pinned pages during
 * fork() for ptes".
 */
export const pageCount: Era = {
  ...mapcount,
  name: "page_count",
  commit: "09854ba94c6a",
  releases: "5.9 to 5.18",
  wpCanReuse: (page) => page.refcount === 1,
  forkMustCopy: (page, mm) => mm.hasPinned && page.refcount >= GUP_PIN_COUNTING_BIAS,
  countsPins: true,
};

/**
 * 5.19 and later: a frame marked exclusive is always reused, only exclusive frames are pinned, and a pinned exclusive
 * frame is never shared. Source: 6c287605fd56 "mm: remember exclusively mapped anonymous pages with PG_anon_exclusive".
 */
export const anonExclusive: Era = {
  ...pageCount,
  name: "anon_exclusive",
  commit: "6c287605fd56",
  releases: "5.19 to 6.1",
  wpCanReuse: (page) => page.anonExclusive || pageCount.wpCanReuse(page),
  forkMustCopy: (page, mm) => page.anonExclusive && pageCount.forkMustCopy(page, mm),
  gupMustUnshare: (page, pte, gup_flags) =>
    (gup_flags & FOLL_PIN) !== 0 && (gup_flags & FOLL_WRITE) === 0 &&
    !pte.writable && page.kind === "anon" && !page.anonExclusive,
  anonExclusive: true,
};

/** Every era of the machine, oldest first. */
export const eras: readonly Era[] = [mapcount, pageCount, anonExclusive];

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
