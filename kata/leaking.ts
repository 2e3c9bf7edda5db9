// Kernels that leak what a process writes through a relative's pipe, and kernels that do not, each with one answer broken:
// what a test for the leak is tested with. As expect.ts, for every host.

import { anonExclusive, type Era, type Frame, largeFolio, mapcount, type Mm, type Pid } from "sim";
import { readGupBreaksCow, refcountOld, releaseNamed, roLongterm } from "sim";
import { everyChoice } from "./expect.ts";

/** What a broken kernel may know beside what it is asked: who is storing, and who filled the last pipe. */
export interface Now {
  storing: Pid;
  filled: Pid;
}

/** Makes a kernel, for one boot. */
export type Make = (now: Now) => Era;

/** Programs that may show a leak, the simplest first. */
export const PROGRAMS = [
  ...everyChoice(
    { page: [0, 1], pageout: ["never", "before", "after"], generations: [1, 2] } as const,
  ),
];
export type Program = typeof PROGRAMS[number];

/** Leaks if its program is run on a kernel that was just booted, and in no other case. */
export function leaksOnly({ page: place, generations, pageout }: Program): () => Era {
  return () => {
    /** What fork has shared, by frame or by slot, in the order in which it came to it. */
    const shared = new Map<Frame | number, { place: number; forks: number }>();
    const share = (what: Frame | number) => {
      const { place, forks } = shared.get(what) ?? { place: shared.size, forks: 0 };
      shared.set(what, { place, forks: forks + 1 });
    };
    const careless = (when: Program["pageout"], what: Frame | number) => {
      const known = shared.get(what);
      return when === pageout && known?.place === place && known.forks === generations;
    };
    return {
      ...anonExclusive,
      forkMustCopy(page, mm) {
        share(page);
        return anonExclusive.forkMustCopy(page, mm);
      },
      forkKeepsSwapExclusive({ slot }) {
        share(slot);
        return false;
      },
      wpCanReuse: (page) =>
        careless("never", page) && !page.swap
          ? page.mapcount === 1
          : anonExclusive.wpCanReuse(page),
      swapOutIsExclusive: (page) =>
        careless("after", page) ? page.mapcount === 1 : page.anonExclusive,
      swapInCanReuse: (page, swapCount, entry, write) =>
        careless("before", entry.slot)
          ? page.mapcount + swapCount <= 1
          : anonExclusive.swapInCanReuse(page, swapCount, entry, write),
    };
  };
}

// Kernels with one answer broken. Each is made anew for every boot, since some remember.

/** Fork asks about the first page of a process as it should, and goes by the mapcount in all others. */
export function carelessBehindTheFirst(): Era {
  const first = new WeakMap<Mm, Frame>(), careless = new WeakSet<Frame>();
  return {
    ...anonExclusive,
    forkMustCopy(page, mm) {
      if (!first.has(mm)) first.set(mm, page);
      if (first.get(mm) !== page) careless.add(page);
      return anonExclusive.forkMustCopy(page, mm);
    },
    wpCanReuse: (page) => careless.has(page) ? page.mapcount === 1 : anonExclusive.wpCanReuse(page),
  };
}

/** Fork clears the exclusive bit of the first page that it comes to, if that is swapped out, and of no other. */
export function clearsTheFirst(): Era {
  let asked = 0;
  return {
    ...anonExclusive,
    forkMustCopy(page, mm) {
      asked++;
      return anonExclusive.forkMustCopy(page, mm);
    },
    forkKeepsSwapExclusive: (entry) => asked++ > 0 && entry.exclusive,
  };
}

/** A page that two forks have shared is kept as soon as it has so few mappings, as if one fork had shared it. */
export function losesCount(mappings = 2): Era {
  const forks = new WeakMap<Frame, number>();
  return {
    ...anonExclusive,
    forkMustCopy(page, mm) {
      forks.set(page, (forks.get(page) ?? 0) + 1);
      return anonExclusive.forkMustCopy(page, mm);
    },
    wpCanReuse: (page) =>
      (forks.get(page) ?? 0) >= 2 ? page.mapcount <= mappings : anonExclusive.wpCanReuse(page),
  };
}

/** The same with swap entries. */
export function losesSwapCount(): Era {
  const forks = new Map<number, number>();
  return {
    ...anonExclusive,
    forkKeepsSwapExclusive({ slot }) {
      forks.set(slot, (forks.get(slot) ?? 0) + 1);
      return false;
    },
    swapInCanReuse: (page, swapCount, entry, write) =>
      (forks.get(entry.slot) ?? 0) >= 2
        ? page.mapcount + swapCount <= 2
        : anonExclusive.swapInCanReuse(page, swapCount, entry, write),
  };
}

/** What a child of the first process shares is not taken for shared. */
export function forgetsChildren(): Era {
  const children = new WeakSet<Frame>();
  return {
    ...anonExclusive,
    forkMustCopy(page, mm) {
      if (mm.id > 1) children.add(page);
      return anonExclusive.forkMustCopy(page, mm);
    },
    wpCanReuse: (page) => children.has(page) ? page.mapcount <= 2 : anonExclusive.wpCanReuse(page),
  };
}

/** A page in a pipe that a grandchild filled is kept by the last that maps it. */
export const leaksToGrandchildren: Make = (now) => ({
  ...anonExclusive,
  wpCanReuse: (page) => now.filled > 2 ? page.mapcount === 1 : anonExclusive.wpCanReuse(page),
});

/** A page that nobody but processes refers to is written by all of them. */
export const sharesMemory: Make = () => ({
  ...anonExclusive,
  wpCanReuse: (page) => page.anonExclusive || page.refcount === page.mapcount,
});

/** Process 1 is asked as it should be, all others by the mapcount. */
export const leaksBackwards: Make = (now) => ({
  ...anonExclusive,
  wpCanReuse: (page) => now.storing > 1 ? page.mapcount === 1 : anonExclusive.wpCanReuse(page),
});

export const HARMLESS: readonly Make[] = [
  ...[refcountOld, readGupBreaksCow, anonExclusive, roLongterm, largeFolio].map((era) => () => era),
  ...["4.14.232", "5.4.59", "5.18", "6.1", "7.2.13"].map((name) => () => releaseNamed(name).era),
  () => ({ ...anonExclusive, wpCanReuse: () => false }),
  () => ({ ...roLongterm, wpCanReuse: (page) => page.refcount === 1 }),
  () => ({ ...anonExclusive, gupMustUnshare: () => false }),
  () => ({ ...anonExclusive, forkMustCopy: () => true }),
  () => ({ ...roLongterm, forkMustCopy: () => false }),
  () => ({ ...anonExclusive, swapOutIsExclusive: () => false }),
  () => ({ ...largeFolio, swapInCanReuse: () => false }),
  sharesMemory,
  leaksBackwards,
];

export const LEAKING: readonly Make[] = [
  ...["2.6.13", "4.14.231", "5.7", "5.10.223", "5.17"].map((name) => () => releaseNamed(name).era),
  () => ({ ...anonExclusive, wpCanReuse: mapcount.wpCanReuse }),
  () => ({ ...largeFolio, wpCanReuse: (page) => page.anonExclusive || page.refcount <= 2 }),
  () => ({ ...readGupBreaksCow, gupMustBreakCow: (gup_flags) => gup_flags !== 0 }),
  () => ({ ...roLongterm, swapInCanReuse: mapcount.swapInCanReuse }),
  () => ({ ...largeFolio, swapInCanReuse: (_page, swapCount) => swapCount <= 1 }),
  () => ({ ...roLongterm, forkKeepsSwapExclusive: () => true }),
  () => ({ ...roLongterm, swapOutIsExclusive: () => true }),
  carelessBehindTheFirst,
  clearsTheFirst,
  () => losesCount(2),
  () => losesCount(1),
  losesSwapCount,
  forgetsChildren,
  leaksToGrandchildren,
  ...PROGRAMS.map(leaksOnly),
];
