// Draws one operation that fits where a scene stands: on pages that are mapped, most of the time, and past their ends and
// into holes now and then, by a process that lives, mostly to no end that anybody would have thought of.

import type { Dice } from "./dice.ts";
import { MOST, type World } from "./world.ts";

/** Operations that meet in one scene, and how often each is drawn. */
export const THEMES = {
  uring: { pin: 4, gr: 3, gw: 2, unpin: 2, wp: 1 },
  pipes: { vms: 5, pr: 3, wp: 1 },
  protect: { mprot: 2, wp: 5, split: 3 },
  fuse: { dw: 4, dr: 4, dwend: 3, drend: 3 },
  advice: { dontneed: 3, free: 2, inherit: 3, wipe: 2, populate: 3, cold: 1 },
  places: { mmap: 2, munmap: 3, mremap: 3, mlock: 2, munlock: 1, split: 2 },
  force: { mw: 3, mr: 2, mprot: 2 },
  swap: { pageout: 5, pin: 1, vms: 1 },
  softdirty: { cr: 4, wp: 1 },
  ksm: { mergeable: 4, ksm: 4, same: 3, unksm: 1 },
  thp: { huge: 4, wp: 1, dontneed: 1, pin: 1 },
} as const;

/** A theme's name, which is also what a probe needs for it where it needs anything. */
export type Theme = keyof typeof THEMES;

/** What a scene of any theme does. */
const COMMON = { w: 9, r: 4, fork: 4, exit: 2, snap: 2 };
const MEMORY = { priv: 5, shared: 2, pfile: 2, sfile: 1 };

/** Draws an operation, or a few that belong together; the world says later whether each has a place. */
export function drawOperation(world: World, themes: readonly Theme[], dice: Dice): string[] {
  const weights: Record<string, number> = { ...COMMON };
  for (const theme of themes) {
    for (const [op, weight] of Object.entries(THEMES[theme])) {
      weights[op] = (weights[op] ?? 0) + 2 * weight;
    }
  }
  const who = dice.pick([...world.live.keys()]);
  const mapped = [...world.live.get(who)!.keys()];
  const page = aPage(mapped, dice);
  const [from, count] = aRange(mapped, dice);
  const value = 1 + dice.below(99);
  const ring = dice.below(2), pipe = dice.below(2);
  const madv = (advice: string) => [`${who} madv ${from} ${count} ${advice}`];
  const op = dice.weighted(weights);
  switch (op) {
    case "w":
    case "mw":
      return [`${who} ${op} ${page} ${value}`];
    case "r":
    case "mr":
      return [`${who} ${op} ${page}`];
    case "fork": {
      const free = ["P0", "P1", "P2", "P3"].find((slot) => !world.live.has(slot));
      return free ? [`${who} fork ${free}`] : [`${who} w ${page} ${value}`];
    }
    case "exit":
      return world.live.size > 1 ? [`${who} exit`] : [];
    case "snap":
      return [`* snap ${from} ${Math.min(count, MOST.snapshot)}`];
    case "pin":
      return [`${who} pin ${from} ${Math.min(count, 4)} ${ring}`];
    case "gr":
      return [`* gr ${ring} ${dice.below(world.pins.get(String(ring)) ?? 1)}`];
    case "gw":
      return [`* gw ${ring} ${dice.below(world.pins.get(String(ring)) ?? 1)} ${value}`];
    case "unpin":
      return [`* unpin ${ring}`];
    case "vms":
      return [`${who} vms ${page} ${pipe}`];
    case "pr":
      return [`* pr ${pipe}`];
    case "dw":
    case "dr":
      return [`${who} ${op} ${from} ${Math.min(count, 3)} fuse`];
    case "dwend":
      return ["* dwend"];
    case "drend":
      return [`* drend ${value}`];
    case "mprot":
      return [`${who} mprot ${from} ${count} ${dice.weighted({ r: 4, rw: 4, none: 2 })}`];
    case "wp":
      return writeProtected(who, page, value);
    case "split": {
      // One page of a range is told apart, then something is done to all of it.
      const apart = dice.pick(["mlock PAGE 1", "madv PAGE 1 dontfork", "mprot PAGE 1 r"]);
      return [`${who} ${apart.replace("PAGE", page)}`, `${who} mprot ${from} ${count} r`];
    }
    case "inherit":
      return madv(dice.weighted({ dontfork: 3, dofork: 2 }));
    case "wipe":
      return madv(dice.weighted({ wipeonfork: 3, keeponfork: 1 }));
    case "populate":
      return madv(dice.pick(["populate_read", "populate_write"]));
    case "huge":
      return [`${who} w h${dice.pick([0, 1, 2, 511])} ${value}`];
    case "mmap": {
      const region = dice.pick(["a", "b", "c"]);
      return [`${who} mmap ${region} ${1 + dice.below(5)} ${dice.weighted(MEMORY)}`];
    }
    case "mremap":
      return [`${who} mremap ${from} ${count} ${dice.pick(["d", "e"])}${dice.below(3)}`];
    case "munmap":
    case "mlock":
    case "munlock":
      return [`${who} ${op} ${from} ${count}`];
    case "same":
      return mapped.slice(0, 3).map((one) => `${who} w ${one} ${1 + ring}`);
    case "cr":
      return [`${who} cr`];
    case "ksm":
    case "unksm":
      return [`* ${op}`];
    default:
      return madv(op);
  }
}

/** Write-protects a page, takes that back, and writes: the fault that kernels have decided most differently. */
export function writeProtected(who: string, page: string, value: number): string[] {
  return [`${who} mprot ${page} 1 r`, `${who} mprot ${page} 1 rw`, `${who} w ${page} ${value}`];
}

/** A mapped page; one time in ten the page after one, which may be mapped or not. */
function aPage(mapped: readonly string[], dice: Dice): string {
  if (mapped.length === 0) return "a0";
  const near = mapped.slice(0, 8), page = dice.pick(near);
  return dice.chance(1, 10) ? `${page[0]}${Number(page.slice(1)) + 1}` : page;
}

/** A range from a mapped page on: one page, all the region's, or any number, beyond the end, too. */
function aRange(mapped: readonly string[], dice: Dice): [from: string, count: number] {
  const from = aPage(mapped, dice);
  const region = mapped.filter((page) => page[0] === from[0]);
  if (dice.chance(1, 3)) return [region[0] ?? from, Math.max(region.length, 1)];
  const left = region.length - region.indexOf(from);
  return [
    from,
    dice.chance(1, 2) ? 1 : 1 + dice.below(Math.min(left, 5) + (dice.chance(1, 4) ? 2 : 0)),
  ];
}
