/**
 * Which release of Linux, and of its long-term kernels, follows which era, and what it answers otherwise. A release is
 * looked up; no decision asks for its number.
 *
 * @module
 */

import {
  anonExclusive,
  eras,
  largeFolio,
  mapcount,
  pageCount,
  readGupBreaksCow,
  refcountOld,
  roLongterm,
} from "./era.ts";
import type { Build, Era } from "./policy.ts";

/** A kernel by its number: its era, with what differs from it, and how it was built. */
export interface Release {
  /** As `uname -r` begins. */
  readonly release: string;
  /** Who answers in its place. */
  readonly era: Era;
  /** How the kernel that was looked at was built, which is no matter of its version. */
  readonly build: Build;
}

/** How distributions build them, for what was not looked at. */
const usual: Build = { refusesForce: false, softDirty: true };

/** 5.18: swap-in follows the rule of the write fault, and that one takes a page out of the swap cache first. */
const pageCountEverywhere: Partial<Era> = {
  madvPopulate: true,
  wpDropsSwapCache: true,
  swapInCanReuse: refcountOld.swapInCanReuse,
};

/**
 * Seen on 7.2 and not on 6.18: every slot is read through the swap cache. That it is read alone, no answer tells. And in
 * the source of 7.2, not of 6.12: what MADV_DOFORK refuses.
 */
const latest: Partial<Era> = { swapInBypassesCache: false, doforkRefusesSpecial: true };

/** 6.5: a7e689dd1c06 "block: Convert bio_iov_iter_get_pages to use iov_iter_extract_pages"; FUSE went on as before. */
const bioPins: Partial<Era> = { bioPins: true };

/** Seen on 6.12; FUSE took references on 6.8. */
const pins: Partial<Era> = { ...bioPins, fusePins: true };

/** Seen on some kernels of 5.4 to 5.13, and in the source of 5.4.291. */
const fileBuffers: Partial<Era> = { refusesFileBuffers: true };

/** 5.1 to 5.8: 52d1e606ee73, whose number was not checked; the code is in 5.4.291. */
const reuses: Partial<Era> = { ksmReuse: true, ...fileBuffers };

/** CVE-2016-5195, Dirty COW, repaired in 4.9 and taken over by 4.8.3, 4.7.9 and 4.4.26. */
const forgets: Partial<Era> = { forcedWrite: "forgets" };

/** 2.6.24: 557ed1fa2620 "remove ZERO_PAGE". Where there is not even a page table, get_user_pages handed it out even so. */
const noZeroPage: Partial<Era> = { zeroPage: "unused" };

/** 2.6.26: `use_zero_page()`, which is in the source of 2.6.27; 2.6.25.8 took it over. */
const lentZeroPage: Partial<Era> = { zeroPage: "referenced" };

/** Up to 2.6.28, whose `can_share_swap_page()` leaves the swap cache as it is. */
const shares: Partial<Era> = { ...forgets, reuseFreesSwap: false };

/** 5.19 kept the mark, and neither mprotect nor a forced write went by it. */
const marksOnly: Partial<Era> = {
  gupFastOrdered: false,
  mprotectUpgrades: false,
  forcedWrite: "dirty",
};

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
  kernel("7.2.13", largeFolio, latest, { ...usual, refusesForce: true }),
];

function kernel(release: string, era: Era, answers: Partial<Era> = {}, build = usual): Release {
  return { release, era: { ...era, ...answers }, build };
}

/**
 * What is known of a run of releases: from the first to the last that was looked at, or that a source names; without its
 * third number the last of a series.
 */
export type Run = readonly [from: string, to: string, era: Era, answers?: Partial<Era>];

/** Mainline, and the long-term kernels that have a rule of their own; what lies between two runs was not looked at. */
export const runs: readonly Run[] = [
  ["2.6.7", "2.6.12", refcountOld], // c475a8ab625d: "2.6.7 onwards" reclaim asks for references
  ["2.6.13", "2.6.13", mapcount, { ...shares, madviseReads: false, forkSkipsUntouched: false }],
  ["2.6.14", "2.6.21", mapcount, { ...shares, madviseReads: false }],
  ["2.6.22", "2.6.23", mapcount, shares],
  ["2.6.24", "2.6.25", mapcount, { ...shares, ...noZeroPage }],
  ["2.6.26", "2.6.28", mapcount, { ...shares, ...lentZeroPage }],
  ["2.6.29", "2.6.31", mapcount, { ...forgets, ...lentZeroPage }],
  ["2.6.32", "2.6.39", mapcount, forgets], // a13ea5b75964 "mm: reinstate ZERO_PAGE"
  ["3.0", "4.3", mapcount, forgets], // its long-term kernels were repaired later than this says
  ["4.4", "4.4.25", mapcount, forgets],
  ["4.4.26", "4.4.288", mapcount], // the announcement of 4.4.289, 17 October 2021
  ["4.4.289", "4.4", readGupBreaksCow, backported],
  ["4.5", "4.7.8", mapcount, forgets],
  ["4.7.9", "4.7", mapcount],
  ["4.8", "4.8.2", mapcount, forgets],
  ["4.8.3", "4.8", mapcount],
  ["4.9.0", "4.9.0", mapcount], // a first backport was faulty, the second is of January 2022; neither was looked up
  ["4.10", "4.14.231", mapcount], // the announcement of 4.14.232, 28 April 2021
  ["4.14.232", "4.14", readGupBreaksCow, backported],
  ["4.15", "4.19.188", mapcount], // the announcement of 4.19.189, 28 April 2021
  ["4.19.189", "4.19", readGupBreaksCow, backported],
  ["4.20", "5.0", mapcount],
  ["5.1", "5.4.46", mapcount, reuses],
  ["5.4.47", "5.4", readGupBreaksCow, reuses], // releases/5.4.47 of the stable queue has 17839856fd58
  ["5.5", "5.6.18", mapcount, reuses], // 5.5.19 was the last 5.5, and the change is of 27 May 2020
  ["5.6.19", "5.6", readGupBreaksCow, reuses], // releases/5.6.19 of the stable queue
  ["5.7", "5.7.2", mapcount, reuses],
  ["5.7.3", "5.7", readGupBreaksCow, reuses], // by the record of CVE-2020-29374, "before 5.7.3"
  ["5.8", "5.8", readGupBreaksCow, reuses],
  ["5.9", "5.10.3", pageCount, { writeProtectSeq: false, reclaimSkips: "nothing" }],
  ["5.10.4", "5.10.8", pageCount, { reclaimSkips: "nothing" }],
  ["5.10.9", "5.10", pageCount],
  ["5.11", "5.13", pageCount, fileBuffers],
  ["5.14", "5.17", pageCount, { madvPopulate: true }],
  ["5.18", "5.18", pageCount, pageCountEverywhere],
  ["5.19", "5.19.5", anonExclusive, marksOnly],
  ["5.19.6", "5.19", anonExclusive, { ...marksOnly, forcedWrite: "exclusive" }], // CVE-2022-50014, "<5.19.6"
  ["6.0", "6.0", anonExclusive, { gupFastOrdered: false }],
  ["6.1", "6.1", anonExclusive],
  ["6.2", "6.4", roLongterm],
  ["6.5", "6.8", roLongterm, bioPins],
  ["6.12", "6.14", roLongterm, pins],
  ["6.18", "6.18", largeFolio],
  ["7.2", "7.2", largeFolio, latest],
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
  const version = name.match(/^(?:2\.6(?:\.\d+){1,2}|\d+(?:\.\d+){1,2})(?![.\d])/)?.[0];
  if (!version) {
    const known = [...releases.map(({ release }) => release), ...eras.map(({ name }) => name)];
    throw new RangeError(`no kernel is known as ${name}: there are ${known.join(", ")}`);
  }
  const exact = releases.find(({ release }) => release === version);
  if (exact) return exact;
  const [, to = "", ruling, answers] = runs.findLast(([from]) => order(from) <= order(version)) ??
    [];
  if (ruling && order(version) <= order(to, LAST_PATCH)) return kernel(version, ruling, answers);
  const next = runs.find(([from]) => order(from) > order(version));
  const before = ruling && `${to} (${ruling.name})`, after = next && `${next[0]} (${next[2].name})`;
  const where = before && after
    ? `between ${before} and ${after}`
    : before
    ? `later than ${before}`
    : `older than ${after}`;
  throw new RangeError(`nothing is known of ${version}, ${where}: name one of these, or an era`);
}

/** No series has come so far. */
const LAST_PATCH = 99_999;

/** The last series before the number in front of it changed. */
const LAST = ["2.6.39", "3.19", "4.20", "5.19", "6.19"];

/** Whether no release lies between two runs: after 4.8 comes 4.9.0, and not 4.10. */
export function follows([from]: Run, [, to]: Run): boolean {
  const numbers = to.split(".").map(Number), last = numbers.pop()!;
  const next = LAST.includes(to) ? `${numbers[0]! + 1}.0` : [...numbers, last + 1].join(".");
  return order(from) === order(next);
}

/** A version as a number that sorts; `last` stands for a patch that is not named. */
function order(version: string, last = 0): number {
  const [major, minor, patch = last] = version.split(".").map(Number) as [number, number, number?];
  return (major * 1000 + minor) * (LAST_PATCH + 1) + patch;
}
