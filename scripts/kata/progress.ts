// What the learner has achieved, derived from results: `.progress.json` at the root keeps each verdict together with
// hashes of everything that it depends on, and a verdict whose hashes differ is no longer believed.

import {
  filesBelow,
  hashOf,
  moveFile,
  ownFolder,
  replaceFile,
  textAt,
  unlessMissing,
} from "../tool/files.ts";
import { underLock } from "../tool/lock.ts";
import { Problem } from "../tool/problem.ts";
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
/** Held by whoever changes it. */
const LOCK = ".woven/progress.lock";
const VERSION = 1;

/** Says what went wrong with the file of progress, once; the work goes on without it. */
type Say = (note: string) => void;

/** Reads what is kept. A file that cannot be read as progress is kept aside under another name, and reported. */
export async function readProgress(say: Say): Promise<Map<string, Entry>> {
  try {
    return await read();
  } catch {
    return await underLock(LOCK, () => load(say)) ?? new Map(); // which says why
  }
}

/** What is kept on disk. @throws Error where that cannot be read as progress */
async function read(): Promise<Map<string, Entry>> {
  const text = await unlessMissing(textAt(PATH));
  return text === undefined ? new Map() : parseProgress(text);
}

/** As above, with the lock; undefined where there is a file that must not be written over. */
async function load(say: Say): Promise<Map<string, Entry> | undefined> {
  try {
    return await read();
  } catch (error) {
    const found = await Deno.lstat(PATH).catch(() => undefined);
    if (!found?.isFile || error instanceof Problem && !/UTF-8/.test(error.message)) {
      say(`${PATH} could not be read and is left as it is: ${firstLine(error)}`);
      return undefined;
    }
    const copy = await keepAside();
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
  if (!isObject(katas)) throw new Error("no katas");
  const entries = Object.entries(katas);
  for (const [slug, entry] of entries) {
    if (!isObject(entry)) throw new Error(`no entry: ${slug}`);
    for (const [field, value] of Object.entries(entry)) {
      if (!(FIELDS[field]?.(value) ?? true)) throw new Error(`${slug}: no ${field}`);
    }
  }
  return new Map(entries as [string, Entry][]);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value: unknown) => Number.isSafeInteger(value) && value as number >= 0;
const isText = (value: unknown) => typeof value === "string";

/** What each field of an entry is; a field that only a later version knows is kept as it is. */
const FIELDS: Record<string, ((value: unknown) => boolean) | undefined> = Object.assign(
  Object.create(null),
  {
    ...{ attempt: isText, suite: isText, sim: isText, passed: isCount, total: isCount },
    hints: isCount,
    solved: (value: unknown) => typeof value === "boolean",
    state: (value: unknown) => ["passed", "failed", "broken"].includes(value as string),
  },
);

/** Moves a corrupt file into the scratch folder, so that nothing is written over it. */
async function keepAside(): Promise<string | undefined> {
  try {
    await ownFolder(".woven");
    for (let n = 1;; n++) {
      const copy = `.woven/progress.${n}.json`;
      try {
        await moveFile(PATH, copy);
        return copy;
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      }
    }
  } catch {
    return undefined;
  }
}

/**
 * Changes the entry of one kata on disk, whatever others have written in the meantime: one run after the other, each in
 * one step.
 *
 * @returns the entry as it is now, also where it could not be kept
 */
export async function updateProgress(
  slug: string,
  change: (entry: Entry) => Entry,
  say: Say,
): Promise<Entry> {
  return await underLock(LOCK, async () => {
    const katas = await load(say), entry = change(katas?.get(slug) ?? {});
    if (!katas) return entry;
    katas.set(slug, entry);
    const sorted = Object.fromEntries([...katas].sort(([a], [b]) => a < b ? -1 : 1));
    const text = `${JSON.stringify({ version: VERSION, katas: sorted }, null, 2)}\n`;
    try {
      await ownFolder(".woven");
      await replaceFile(PATH, text, ".woven");
    } catch (error) {
      const why = firstLine(error).split(": ")[0];
      say(`progress cannot be kept, ${PATH} cannot be written: ${why}`);
    }
    return entry;
  });
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
  const attempt = await unlessMissing(textOrWhy(`${kata.dir}/attempt.ts`));
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
  const texts = paths.map(async (path) => await unlessMissing(textOrWhy(path)) ?? "");
  return hashOf([...paths, ...await Promise.all(texts)]);
}

/** A file's text, or why there is none: what cannot be read counts, too, and a run says what is wrong with it. */
async function textOrWhy(path: string): Promise<string> {
  try {
    return await textAt(path);
  } catch (error) {
    if (error instanceof Problem) return String(error);
    throw error;
  }
}
