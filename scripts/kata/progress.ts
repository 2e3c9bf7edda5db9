// What the learner has achieved, derived from results: `.progress.json` at the root keeps each verdict together with
// hashes of everything that it depends on, and a verdict whose hashes differ is no longer believed.

import { filesBelow, hashOf, replaceFile, unlessMissing } from "../tool/files.ts";
import type { Kata } from "./list.ts";
import type { Verdict } from "./run.ts";

/** What is kept for a kata. */
export interface Entry {
  /** Hashes of the attempt, of the suite with expect.ts, and of the simulator, when the verdict was reached. */
  attempt?: string;
  suite?: string;
  sim?: string;
  state?: Verdict["state"];
  passed?: number;
  total?: number;
  /** How many hints the learner has seen. */
  hints?: number;
  /** An attempt has passed once; what was tried later takes nothing from that. */
  solved?: boolean;
}

/** The hashes under which a verdict holds; without an attempt there is none. */
export type Key = Required<Pick<Entry, "attempt" | "suite" | "sim">>;

const PATH = ".progress.json";
const VERSION = 1;

/** Says what went wrong with the file of progress, once; the work goes on without it. */
type Say = (note: string) => void;

/** Reads what is kept. A file that cannot be read as progress is kept aside under another name, and reported. */
export async function readProgress(say: Say): Promise<Map<string, Entry>> {
  return await load(say) ?? new Map();
}

/** As above; undefined where there is a file that must not be written over. */
async function load(say: Say): Promise<Map<string, Entry> | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(PATH);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Map();
    say(`${PATH} could not be read and is left as it is: ${firstLine(error)}`);
    return undefined;
  }
  try {
    return parseProgress(text);
  } catch {
    const copy = await keepAside(text);
    say(
      copy
        ? `${PATH} could not be read as progress: it is kept as ${copy}, and a new one is begun`
        : `${PATH} could not be read as progress, and no copy could be made: it is left as it is`,
    );
    return copy === undefined ? undefined : new Map();
  }
}

/** Reads the text of a file of progress, by slug. @throws Error when it is none */
export function parseProgress(text: string): Map<string, Entry> {
  const { version, katas } = JSON.parse(text);
  if (version !== VERSION) throw new Error("another version");
  const entries = Object.entries(katas as Record<string, Entry>);
  for (const [, entry] of entries) {
    for (const field of ["passed", "total", "hints"] as const) {
      if (entry[field] !== undefined && !(Number.isInteger(entry[field]) && entry[field] >= 0)) {
        throw new Error("no number");
      }
    }
  }
  return new Map(entries);
}

/** Copies a corrupt file into the scratch folder and removes it, so that nothing is written over it. */
async function keepAside(text: string): Promise<string | undefined> {
  try {
    await Deno.mkdir(".woven", { recursive: true });
    for (let n = 1;; n++) {
      const copy = `.woven/progress.${n}.json`;
      try {
        await Deno.writeTextFile(copy, text, { createNew: true });
      } catch (error) {
        if (error instanceof Deno.errors.AlreadyExists) continue;
        throw error;
      }
      await Deno.remove(PATH);
      return copy;
    }
  } catch {
    return undefined;
  }
}

/** Changes the entry of one kata on disk, whatever others have written in the meantime; atomic. */
export async function updateProgress(
  slug: string,
  change: (entry: Entry) => Entry,
  say: Say,
): Promise<void> {
  const katas = await load(say);
  if (!katas) return;
  katas.set(slug, change(katas.get(slug) ?? {}));
  const sorted = Object.fromEntries([...katas].sort(([a], [b]) => a < b ? -1 : 1));
  const text = `${JSON.stringify({ version: VERSION, katas: sorted }, null, 2)}\n`;
  try {
    await Deno.mkdir(".woven", { recursive: true });
    await replaceFile(PATH, text, ".woven");
  } catch (error) {
    const why = firstLine(error).split(": ")[0];
    say(`progress cannot be kept, ${PATH} cannot be written: ${why}`);
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}

/** An entry that holds `verdict` under `key`. */
export function entryOf(entry: Entry, key: Key, { state, passed, total }: Verdict): Entry {
  const solved = isSolved(entry) || state === "passed";
  return { ...entry, ...key, state, passed, total, ...solved && { solved } };
}

/** Whether an attempt has ever passed. */
export function isSolved(entry: Entry | undefined): boolean {
  return entry?.solved === true || entry?.state === "passed";
}

/** Whether a kept verdict was reached with the same attempt, suite and simulator. */
export function isFresh(entry: Entry | undefined, key: Key): boolean {
  return entry?.state !== undefined && entry.attempt === key.attempt && entry.suite === key.suite &&
    entry.sim === key.sim;
}

/** The hashes of a kata as it is on disk; undefined where it has not been begun. */
export async function keyOf(kata: Kata, sim: string): Promise<Key | undefined> {
  const attempt = await unlessMissing(Deno.readTextFile(`${kata.dir}/attempt.ts`));
  if (attempt === undefined) return undefined;
  return { attempt: hashOf(attempt), suite: await suiteHash(kata), sim };
}

/** One hash of what judges a kata, the simulator aside. */
export async function suiteHash({ dir }: Kata): Promise<string> {
  const common = await filesBelow("kata", (path) => /^kata\/\w+(?<!_test)\.ts$/.test(path));
  return await hashOfFiles([`${dir}/test.ts`, `${dir}/exercise.ts`, ...common]);
}

/** One hash of the whole simulator: any change to it makes every verdict stale. */
export async function simHash(dir = "sim"): Promise<string> {
  return await hashOfFiles(await filesBelow(dir, (path) => !path.endsWith("_test.ts")));
}

async function hashOfFiles(paths: readonly string[]): Promise<string> {
  return hashOf([...paths, ...await Promise.all(paths.map((path) => Deno.readTextFile(path)))]);
}
