// Every short program over one page and two processes: after a mapping and a first store, each row of operations that makes
// sense where it stands, and in the end everybody looks. What differs only in names is one program: processes, buffers,
// pipes and values are named in the order in which they come.

import { lineOf, shapeOf } from "../kernel/operation.ts";
import { looks } from "./scenes.ts";
import { isFork, type Mapped, World } from "./world.ts";

/** What each program begins with. */
const BEGINNING = ["P0 mmap a 1 priv", "P0 w a0 1"];
const PAGE = "a0";
/** The two processes; the second one begins by a fork. */
const PROCESSES = ["P0", "P1"];

/** The rows, as in weights.ts; their blanks are filled by the shapes of the table of operations. */
const ROWS = [
  ...["w", "r", "fork", "exit", "munmap", "mprot r", "mprot rw", "madv dontneed", "madv free"],
  ...["mw", "vms", "* pr", "pin", "* unpin", "* gr", "* gw"],
];
/** The rows that need settings of the machine to be changed. */
const OF_SETTINGS = ["madv pageout", "madv mergeable", "* ksm"];

/** Which programs are enumerated. */
export interface Every {
  /** How many operations they have between their beginning and everybody's look. */
  readonly operations: number;
  /** Do reclaim and KSM join? */
  readonly settings: boolean;
}

/** A part of them: each `of`-th, from the `nth` on, counted from 1. */
export interface Shard {
  readonly nth: number;
  readonly of: number;
}

/** The most operations: of six there are some three million and a half, of seven fifteen times as many. */
export const MOST_OPERATIONS = 6;

/** How many programs there are. */
export function countPrograms(every: Every): number {
  return [...counting(every)].reduce((sum, some) => sum + some, 0);
}

/** The same in parts, since six operations take seconds to count: how many there are behind each first operation. */
export function* counting(every: Every): Generator<number> {
  for (const line of nextLines(every, BEGINNING)) yield count(every, [...BEGINNING, line]);
}

function count(every: Every, lines: readonly string[]): number {
  const left = BEGINNING.length + every.operations - lines.length;
  if (left === 0) return 1;
  const next = nextLines(every, lines);
  if (left === 1) return next.length;
  return next.reduce((sum, line) => sum + count(every, [...lines, line]), 0);
}

/** The programs, one after the other, in the same order each time. */
export function* programs(every: Every, shard: Shard = { nth: 1, of: 1 }): Generator<string[]> {
  let n = 0;
  for (const lines of from(every, BEGINNING)) {
    if (n++ % shard.of === shard.nth - 1) yield [...lines, ...looks(worldOf(lines))];
  }
}

function* from(every: Every, lines: readonly string[]): Generator<readonly string[]> {
  if (lines.length === BEGINNING.length + every.operations) return yield lines;
  for (const line of nextLines(every, lines)) yield* from(every, [...lines, line]);
}

/** Every line that makes sense behind these. */
function nextLines({ settings }: Every, lines: readonly string[]): string[] {
  const world = worldOf(lines), fresh = String(lines.length);
  return [...ROWS, ...settings ? OF_SETTINGS : []].flatMap((row) => {
    const [op = "", word = ""] = row.replace("* ", "").split(" ");
    const actors = row.startsWith("* ") ? ["*"] : [...world.live.keys()].sort();
    // Only equal pages are merged, so where KSM may look a store may write what was there in the beginning.
    const values = op === "w" && mergeable(world) ? ["1", fresh] : [fresh];
    return actors.flatMap((who) => values.map((value) => filled(world, who, op, word, value)))
      .filter((line) => makesSense(world, line));
  });
}

/** A row with its blanks filled in. */
function filled(world: World, who: string, op: string, word: string, value: string): string {
  const other = PROCESSES.find((name) => !world.live.has(name)) ?? "";
  const blanks: Record<string, string> = { page: PAGE, count: "1", value, process: other };
  const args = shapeOf(op)!.map((part) =>
    blanks[part] ?? (["protection", "advice"].includes(part) ? word : "0")
  );
  return lineOf({ who, op, args });
}

/** Does a line do something that can be seen, and nothing that is only refused? */
function makesSense(world: World, line: string): boolean {
  const [who = "", op = "", ...args] = line.split(" ");
  const held = (name: string) => world.begun.has(name);
  if (who === "*") return op === "ksm" ? mergeable(world) : held(BEFORE[op]!);
  const page = world.live.get(who)!.get(PAGE);
  if (op === "exit") {
    const others = [...world.live].some(([name, pages]) => name !== who && pages.size > 0);
    return others || held("pin 0") || held("vms 0");
  }
  if (!page) return false;
  if (isFork(op)) return args[0] !== "";
  return fits(page, op, args.at(-1)!, held);
}

/** What must have begun before the world outside can do this. */
const BEFORE: Readonly<Record<string, string>> = {
  pr: "vms 0",
  gr: "pin 0",
  gw: "pin 0",
  unpin: "pin 0",
};

/** Is there anything for KSM to look at? Otherwise its daemon sleeps. */
function mergeable({ live }: World): boolean {
  return [...live.values()].some((pages) => pages.get(PAGE)?.mergeable);
}

function fits(
  { protection, mergeable }: Mapped,
  op: string,
  word: string,
  held: (name: string) => boolean,
): boolean {
  switch (op) {
    case "w":
      return protection === "rw";
    case "pin":
      return protection === "rw" && !held("pin 0");
    case "mprot":
      return protection !== word;
    case "madv":
      return word !== "mergeable" || !mergeable;
    default:
      return true;
  }
}

function worldOf(lines: readonly string[]): World {
  const world = new World();
  for (const line of lines) world.take(line);
  return world;
}
