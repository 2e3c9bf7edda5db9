// The eras' answers side by side, and those of some releases that differ from theirs.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Era,
  eraNamed,
  eras,
  FOLL_LONGTERM,
  FOLL_PIN,
  FOLL_WRITE,
  type Frame,
  type Mm,
  releaseNamed,
} from "./mod.ts";
import { emptyState } from "./state.ts";

/** A frame that one page table maps and nobody else has. */
const LONE: Frame = { ...emptyState().frames.get(0)!, pfn: 1, kind: "anon", mapcount: 1 };
const TWICE = { ...LONE, refcount: 2, mapcount: 2 };
const HELD = { ...LONE, refcount: 2 };
const MARKED = { ...LONE, refcount: 9, anonExclusive: true };
const PINNED = { ...LONE, refcount: 1025 };
const CACHED = { ...LONE, refcount: 2, swap: 1 };
const BACK = { ...LONE, mapcount: 0, swap: 1 }; // read into the swap cache, and not mapped yet
const ZERO = { ...LONE, kind: "zero" as const, mapcount: 0 };
const has = { hasPinned: true } as Mm, never = { hasPinned: false } as Mm;
const ro = { pfn: 1, writable: false, dirty: false }, rw = { ...ro, writable: true };
const entry = { slot: 1, exclusive: false }, marked = { slot: 1, exclusive: true };

const QUESTIONS: Record<string, (era: Era) => unknown> = {
  "a write keeps a frame that is its own": (era) => era.wpCanReuse(LONE),
  "that two map": (era) => era.wpCanReuse(TWICE),
  "that a pipe holds": (era) => era.wpCanReuse(HELD),
  "that is marked exclusive": (era) => era.wpCanReuse(MARKED),
  "in the swap cache, no entry": (era) => era.wpCanReuse(CACHED, 0),
  "in the swap cache, one entry": (era) => era.wpCanReuse(CACHED, 1),
  "fork copies a pinned frame": (era) => era.forkMustCopy(PINNED, has),
  "exclusive and pinned": (era) => era.forkMustCopy({ ...PINNED, anonExclusive: true }, has),
  "exclusive and not pinned": (era) => era.forkMustCopy(MARKED, has),
  "where nobody ever pinned": (era) => era.forkMustCopy({ ...PINNED, anonExclusive: true }, never),
  "a read breaks the sharing": (era) => era.gupMustBreakCow(0),
  "a pin for reading unshares": (era) => era.gupMustUnshare(TWICE, ro, FOLL_PIN),
  "not what is exclusive": (era) => era.gupMustUnshare(MARKED, ro, FOLL_PIN),
  "not what may be written": (era) => era.gupMustUnshare(TWICE, rw, FOLL_PIN),
  "not for a plain reference": (era) => era.gupMustUnshare(TWICE, ro, 0),
  "not for writing": (era) => era.gupMustUnshare(TWICE, ro, FOLL_PIN | FOLL_WRITE),
  "not the zero page": (era) => era.gupMustUnshare(ZERO, ro, FOLL_PIN),
  "but in the long term": (era) => era.gupMustUnshare(ZERO, ro, FOLL_PIN | FOLL_LONGTERM),
  "a swap entry remembers": (era) => era.swapOutIsExclusive(MARKED),
  "only what was exclusive": (era) => era.swapOutIsExclusive(LONE),
  "also over a fork": (era) => era.forkKeepsSwapExclusive(marked),
  "a read has it back alone": (era) => era.swapInCanReuse(BACK, 1, entry, false),
  "by the entry's mark": (era) => era.swapInCanReuse(BACK, 1, marked, false),
  "past the swap cache": (era) => era.swapInCanReuse({ ...BACK, swap: 0 }, 0, entry, false),
  "a write, one entry": (era) => era.swapInCanReuse(BACK, 1, entry, true),
  "a write, two entries": (era) => era.swapInCanReuse(BACK, 2, entry, true),
  "a write, held by a pipe": (era) => era.swapInCanReuse({ ...BACK, refcount: 2 }, 1, entry, true),
  "a write, mapped elsewhere": (era) =>
    era.swapInCanReuse({ ...BACK, refcount: 2, mapcount: 1 }, 1, entry, true),
  "a write, past the swap cache": (era) => era.swapInCanReuse({ ...BACK, swap: 0 }, 0, entry, true),
  forcedWrite: (era) => era.forcedWrite,
  countsPins: (era) => era.countsPins,
  anonExclusive: (era) => era.anonExclusive,
  unsharesAnything: (era) => era.unsharesAnything,
  wpDropsSwapCache: (era) => era.wpDropsSwapCache,
  reuseFreesSwap: (era) => era.reuseFreesSwap,
  ksmReuse: (era) => era.ksmReuse,
  zeroPage: (era) => era.zeroPage,
  forkSkipsUntouched: (era) => era.forkSkipsUntouched,
  swapInWritesOnRead: (era) => era.swapInWritesOnRead,
  swapInBypassesCache: (era) => era.swapInBypassesCache,
  reclaimSkips: (era) => era.reclaimSkips,
  lazyfreeDespiteGet: (era) => era.lazyfreeDespiteGet,
  mprotectUpgrades: (era) => era.mprotectUpgrades,
  madviseReads: (era) => era.madviseReads,
  doforkRefusesSpecial: (era) => era.doforkRefusesSpecial,
  madvPopulate: (era) => era.madvPopulate,
  mremapMultiVma: (era) => era.mremapMultiVma,
  ksmBreaks: (era) => era.ksmBreaks,
  ksmSmartScan: (era) => era.ksmSmartScan,
  gupFast: (era) => era.gupFast,
  writeProtectSeq: (era) => era.writeProtectSeq,
  gupFastOrdered: (era) => era.gupFastOrdered,
  bioPins: (era) => era.bioPins,
  fusePins: (era) => era.fusePins,
  refusesFileBuffers: (era) => era.refusesFileBuffers,
  umemForcesWrite: (era) => era.umemForcesWrite,
};

const TABLE = `
|                                       | refcount_old | mapcount | read_gup_breaks_cow | page_count | anon_exclusive | ro_longterm | large_folio | 5.4.38  | 5.18   | 7.2.13  |
| a write keeps a frame that is its own | yes          | yes      | yes                 | yes        | yes            | yes         | yes         | yes     | yes    | yes     |
| that two map                          | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| that a pipe holds                     | -            | yes      | yes                 | -          | -              | -           | -           | yes     | -      | -       |
| that is marked exclusive              | -            | yes      | yes                 | -          | yes            | yes         | yes         | yes     | -      | yes     |
| in the swap cache, no entry           | yes          | yes      | yes                 | -          | -              | -           | -           | yes     | -      | -       |
| in the swap cache, one entry          | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| fork copies a pinned frame            | -            | -        | -                   | yes        | -              | -           | -           | -       | yes    | -       |
| exclusive and pinned                  | -            | -        | -                   | yes        | yes            | yes         | yes         | -       | yes    | yes     |
| exclusive and not pinned              | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| where nobody ever pinned              | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| a read breaks the sharing             | -            | -        | yes                 | -          | -              | -           | -           | -       | -      | -       |
| a pin for reading unshares            | -            | -        | -                   | -          | yes            | yes         | yes         | -       | -      | yes     |
| not what is exclusive                 | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| not what may be written               | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| not for a plain reference             | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| not for writing                       | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| not the zero page                     | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| but in the long term                  | -            | -        | -                   | -          | -              | yes         | yes         | -       | -      | yes     |
| a swap entry remembers                | -            | -        | -                   | -          | yes            | yes         | yes         | -       | -      | yes     |
| only what was exclusive               | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| also over a fork                      | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| a read has it back alone              | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| by the entry's mark                   | -            | -        | -                   | -          | yes            | yes         | yes         | -       | -      | yes     |
| past the swap cache                   | -            | -        | -                   | -          | yes            | yes         | yes         | -       | -      | yes     |
| a write, one entry                    | yes          | yes      | yes                 | yes        | yes            | yes         | yes         | yes     | yes    | yes     |
| a write, two entries                  | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| a write, held by a pipe               | -            | yes      | yes                 | yes        | -              | -           | -           | yes     | -      | -       |
| a write, mapped elsewhere             | -            | -        | -                   | -          | -              | -           | -           | -       | -      | -       |
| a write, past the swap cache          | yes          | yes      | yes                 | yes        | yes            | yes         | yes         | yes     | yes    | yes     |
| forcedWrite                           | forgets      | dirty    | dirty               | dirty      | exclusive      | exclusive   | exclusive   | dirty   | dirty  | exclusive|
| countsPins                            | -            | -        | -                   | yes        | yes            | yes         | yes         | -       | yes    | yes     |
| anonExclusive                         | -            | -        | -                   | -          | yes            | yes         | yes         | -       | -      | yes     |
| unsharesAnything                      | -            | -        | -                   | -          | -              | yes         | yes         | -       | -      | yes     |
| wpDropsSwapCache                      | -            | -        | -                   | -          | yes            | yes         | yes         | -       | yes    | yes     |
| reuseFreesSwap                        | -            | yes      | yes                 | yes        | yes            | yes         | yes         | yes     | yes    | yes     |
| ksmReuse                              | -            | -        | yes                 | -          | -              | -           | -           | yes     | -      | -       |
| zeroPage                              | mapped       | mapped   | mapped              | mapped     | mapped         | mapped      | mapped      | mapped  | mapped | mapped  |
| forkSkipsUntouched                    | -            | yes      | yes                 | yes        | yes            | yes         | yes         | yes     | yes    | yes     |
| swapInWritesOnRead                    | -            | -        | -                   | -          | -              | yes         | yes         | -       | -      | yes     |
| swapInBypassesCache                   | -            | yes      | yes                 | yes        | yes            | yes         | yes         | yes     | yes    | -       |
| reclaimSkips                          | referenced   | nothing  | nothing             | pinned     | pinned         | pinned      | pinned      | nothing | pinned | pinned  |
| lazyfreeDespiteGet                    | yes          | yes      | yes                 | -          | -              | -           | -           | yes     | -      | -       |
| mprotectUpgrades                      | -            | -        | -                   | -          | yes            | yes         | yes         | -       | -      | yes     |
| madviseReads                          | -            | yes      | yes                 | yes        | yes            | yes         | yes         | yes     | yes    | yes     |
| doforkRefusesSpecial                  | -            | -        | -                   | -          | -              | -           | -           | -       | -      | yes     |
| madvPopulate                          | -            | -        | -                   | -          | yes            | yes         | yes         | -       | yes    | yes     |
| mremapMultiVma                        | -            | -        | -                   | -          | -              | -           | yes         | -       | -      | yes     |
| ksmBreaks                             | write        | write    | write               | write      | write          | unshare     | unshare     | write   | write  | unshare |
| ksmSmartScan                          | -            | -        | -                   | -          | -              | yes         | yes         | -       | -      | yes     |
| gupFast                               | -            | yes      | yes                 | yes        | yes            | yes         | yes         | yes     | yes    | yes     |
| writeProtectSeq                       | -            | -        | -                   | yes        | yes            | yes         | yes         | -       | yes    | yes     |
| gupFastOrdered                        | -            | -        | -                   | -          | yes            | yes         | yes         | -       | -      | yes     |
| bioPins                               | -            | -        | -                   | -          | -              | -           | yes         | -       | -      | yes     |
| fusePins                              | -            | -        | -                   | -          | -              | -           | yes         | -       | -      | yes     |
| refusesFileBuffers                    | -            | -        | -                   | -          | -              | -           | -           | yes     | -      | -       |
| umemForcesWrite                       | yes          | yes      | yes                 | yes        | yes            | yes         | -           | yes     | yes    | -       |
`;

const test = suite("era");
const [head, ...rows] = TABLE.trim().split("\n")
  .map((line) => line.split("|").slice(1, -1).map((text) => text.trim()));

test("the table asks each question once", () => {
  assert.equal(rows.map(([question]) => question), Object.keys(QUESTIONS));
});

for (const [i, name] of head!.slice(1).entries()) {
  test(`${name} answers as the table says`, () => {
    const { era } = releaseNamed(name);
    const word = (answer: unknown) =>
      answer === true ? "yes" : answer === false ? "-" : String(answer);
    assert.equal(
      rows.map(([question]) => `${question}: ${word(QUESTIONS[question!]!(era))}`),
      rows.map((cells) => `${cells[0]}: ${cells[i + 1]}`),
    );
  });
}

test("an era's name, first commit and releases are its own", () => {
  for (const era of eras) assert.is(eraNamed(era.name), era);
  for (const key of ["name", "commit", "releases"] as const) {
    assert.is(new Set(eras.map((era) => era[key])).size, eras.length, key);
  }
  assert.throws(
    () => eraNamed("mapcounts"),
    /no era is named mapcounts: there are refcount_old, mapcount, read_gup_breaks_cow, page_count/,
  );
});

test.run();
