// What `deno task kernel` can be asked for.

import { type Level, levels } from "../../sim/mod.ts";
import { oneOf, readArguments, wholeNumber } from "../tool/args.ts";
import { Problem } from "../tool/problem.ts";
import { MOST_OPERATIONS, type Shard } from "../random/every.ts";
import { RECORDS } from "./store.ts";

/** How many random scenes there are unless told. */
const RANDOM = 1000;

/** What a probe may have or not, and random scenes can do without. */
const ABILITIES = ["uring", "fuse", "loop", "swap", "ksm", "thp", "softdirty", "memlock"];

/** What `--help` prints; a line with a wide gap is an entry, any other a paragraph. */
const HELP = [
  `deno task kernel                 the named scenes, then ${RANDOM} random ones`,
  "deno task kernel --scenes FILE…  these files of scenes, and nothing else",
  "deno task kernel --chapters      what the cells of the chapters do, and nothing else",
  "",
  "--every N         every program of N operations instead: one page, two processes",
  "--shard I/N       of these, the I-th of N parts",
  "--random N        how many random scenes follow; 0: none",
  "--seed S          for the same random scenes again",
  `--without LIST    none that needs ${ABILITIES.join(",")}`,
  "--kernel NAME     another release of the simulator, or an era",
  `--level LEVEL     compare less: ${levels.join(", ")}`,
  "--allow-settings  as root: also KSM, swap and loop devices",
  "--no-record       write no record",
  "--json            the result as one JSON document",
  "",
  "Replays scenes on the kernel that is running and holds its answers against the simulator's. " +
  "A seed makes the same random scenes, however many, where the kernel, its abilities and the " +
  "named scenes are the same. Of four, one is as it was drawn; three are drawn until they tell this kernel from " +
  "an older one, four times at most.",
  "",
  "Of the chapters' cells it says last how many are there, and how many agree, differ, could not be replayed. " +
  "A cell that uses a proposal or a driver of its own is counted apart.",
  "",
  `Once the named scenes are replayed, ${RECORDS}/RELEASE.txt is written, which ` +
  "`deno task evidence` reads; not with --kernel or --level, which make it another comparison, and " +
  "not over a record that saw more of the same scenes.",
  "",
  "Exit status: 0 when all agree, 1 when something differs.",
].join("\n");

/** What a person asked for. */
export interface Options {
  scenes: string[] | undefined;
  /** Only what the cells of the chapters do. */
  chapters: boolean;
  random: number;
  seed: number;
  /** How many operations every program has, where these are what is replayed; and which part of them. */
  every: number | undefined;
  shard: Shard;
  without: string[];
  kernel: string | undefined;
  level: Level | undefined;
  settings: boolean;
  record: boolean;
  json: boolean;
}

/** Reads the arguments; undefined when help was wanted, and said. */
export function readOptions(args: string[]): Options | undefined {
  const parsed = readArguments(args, {
    task: "kernel",
    help: HELP,
    switches: ["scenes", "chapters", "allow-settings", "no-record", "json"],
    values: ["random", "seed", "every", "shard", "without", "kernel", "level"],
  });
  if (!parsed) return undefined;
  const { words: files } = parsed;
  if (files.length > 0 !== parsed.scenes) {
    throw new Problem(parsed.scenes ? "--scenes wants files" : `what is "${files[0]}" for?`, {
      remedy: `deno task kernel --scenes ${files[0] ?? "FILE"}`,
    });
  }
  if (parsed.chapters && parsed.scenes) {
    throw new Problem("--chapters and --scenes do not go together");
  }
  const every = wholeNumber("every", parsed.every, { least: 1, most: MOST_OPERATIONS });
  const clash = (["scenes", "chapters", "random", "seed", "without"] as const)
    .find((name) => parsed[name]);
  if (every !== undefined && clash) {
    throw new Problem(`--every and --${clash} do not go together`, {
      remedy: `deno task kernel --every ${every}`,
    });
  }
  const shard = shardOf(parsed.shard);
  if (parsed.shard !== undefined && every === undefined) {
    throw new Problem("--shard is a part of --every N", {
      remedy: `deno task kernel --every 5 --shard ${parsed.shard}`,
    });
  }
  return {
    scenes: parsed.scenes ? files : undefined,
    chapters: parsed.chapters,
    random: wholeNumber("random", parsed.random) ??
      (parsed.scenes || parsed.chapters ? 0 : RANDOM),
    seed: wholeNumber("seed", parsed.seed) ?? crypto.getRandomValues(new Uint32Array(1))[0]!,
    every,
    shard,
    without: abilities(parsed.without),
    kernel: parsed.kernel,
    level: parsed.level === undefined ? undefined : oneOf("level", parsed.level, levels),
    settings: parsed["allow-settings"],
    record: !parsed["no-record"] && !parsed.scenes && !parsed.chapters,
    json: parsed.json,
  };
}

function shardOf(text = "1/1"): Shard {
  const [nth = 0, of = 0] = /^\d+\/\d+$/.test(text) ? text.split("/").map(Number) : [];
  if (nth >= 1 && nth <= of) return { nth, of };
  throw new Problem(`--shard wants a part such as 1/4, and not "${text}"`);
}

function abilities(list = ""): string[] {
  return list.split(",").filter((name) => name).map((name) => oneOf("ability", name, ABILITIES));
}
