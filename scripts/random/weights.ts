// How often random scenes do what. A new operation needs one row here: its blanks are filled by the shape that it has in the
// table of operations; only one that holds something, or ends it, has something to say in world.ts as well.
//
// A row is a line with its names and numbers left out: `madv free`, `* gr` for what the world outside does, `w +64` for
// another byte of the page. Between semicolons stand lines that one process does to one range.

import { operations } from "../../sim/mod.ts";

/** How often each row is drawn, beside the others of its theme. */
type Weights = Readonly<Record<string, number>>;

/** What a process does to so many pages from one, with nothing else to say of it: all such operations alike. */
const ranged: Weights = Object.fromEntries(
  operations.filter(({ who, scene }) => who === "process" && `${scene?.words}` === "page,count")
    .map(({ scene }) => [scene!.word, 2]),
);

/**
 * What every scene does, with every other command. Write-protecting a page, taking that back and writing is what kernels
 * have decided most differently.
 */
export const ALWAYS: Weights = {
  w: 9,
  r: 4,
  "mprot r; mprot rw; w": 8,
  fork: 3,
  exit: 1,
  "* snap": 2,
};

/** What a scene does that is about something: a few themes meet in it, and each has the same share. */
export const THEMES = {
  uring: { pin: 4, "* gr": 3, "* gw": 2, "* unpin": 2 },
  pipes: { vms: 5, "* pr": 3, "* tee": 2 },
  fuse: { "dw fuse": 4, "dr fuse": 4, "* dwend": 3, "* drend": 3 },
  loop: { "dw loop": 1, "dr loop": 1 },
  protect: { "mprot r": 4, "mprot rw": 4, "mprot none": 2 },
  force: { mw: 3, mr: 2 },
  maps: { "mmap priv": 12, "mmap shared": 2, "mmap pfile": 2, "mmap sfile": 1 },
  places: { ...ranged, mremap: 2 },
  inherit: {
    "madv dontfork": 3,
    "madv dofork": 2,
    "madv wipeonfork": 3,
    "madv keeponfork": 1,
  },
  advice: {
    "madv dontneed": 4,
    "madv cold": 1,
    "madv populate_read": 2,
    "madv populate_write": 2,
  },
  lazy: { "madv free": 1 },
  swap: { "madv pageout": 1 },
  softdirty: { cr: 1 },
  ksm: { "madv mergeable": 4, "madv unmergeable": 1, "* ksm": 4, "* unksm": 1 },
  thp: { "madv hugepage": 1, "madv nohugepage": 1, "madv collapse": 1 },
  files: { "mmap memfd": 1 },
  hugetlb: { "mmap hugetlb": 1 },
  brief: { "pin r": 2, "pin short": 2, "pin r short": 1 },
  bytes: { "w +64": 1, "r +64": 1 },
  children: { vfork: 1, spawn: 2, exec: 1, thread: 2 },
  stalls: { vmread: 3, "* vmend": 2, "* settle": 1 },
} satisfies Readonly<Record<string, Weights>>;

export type Theme = keyof typeof THEMES;

const all = Object.keys(THEMES) as Theme[];
const but = (...themes: Theme[]) => all.filter((theme) => !themes.includes(theme));
/** Followed by no oracle: pins of other kinds, another byte of a page, a child in its parent's memory, a read that stalls. */
const unfollowed: Theme[] = ["brief", "bytes", "children", "stalls"];

/** What a scene may be about, by what shall be said of it: by the machine, by an oracle, or by a real kernel's probe. */
export const PROFILES = {
  everything: all,
  contents: but(...unfollowed, "uring", "pipes", "fuse", "loop"),
  pins: but(...unfollowed, "lazy"),
  probe: but("brief", "stalls", "loop", "hugetlb"),
} satisfies Readonly<Record<string, readonly Theme[]>>;

export type Profile = keyof typeof PROFILES;

/** Each name as often as it weighs. */
export function spread<Name extends string>(
  weights: Readonly<Record<Name, number>>,
): readonly Name[] {
  return Object.entries<number>(weights).flatMap(([name, weight]) =>
    Array<Name>(weight).fill(name as Name)
  );
}

/** The rows of each theme, and of every scene, each as often as it weighs. */
export const ROWS = Object.fromEntries(
  Object.entries({ ...THEMES, always: ALWAYS }).map(([name, rows]) => [name, spread<string>(rows)]),
) as Readonly<Record<Theme | "always", readonly string[]>>;
