// The records on disk, `scripts/kernel/records/*.txt`: read all of them, write one so that it is never half there.

import { hashOf, replaceFile, textAt } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";
import { plural } from "../tool/text.ts";
import { levels } from "../../sim/mod.ts";
import { decided, look } from "./compare.ts";
import type { Header } from "./header.ts";
import { type Entry, type KernelRecord, parseRecord, printRecord, type Whole } from "./record.ts";
import type { Match } from "./release.ts";
import type { Outcome, Versus } from "./replay.ts";

/** Where the records are. */
export const RECORDS = "scripts/kernel/records";

/** What of a kernel's settings a record keeps, beside what the probe could not do. */
const NOT_SETTINGS = ["release", "arch", "frames", "faults"];

/** Reads every record. */
export async function readRecords(dir = RECORDS): Promise<KernelRecord[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(dir)) if (name.endsWith(".txt")) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return await Promise.all(
    names.sort().map(async (name) => {
      const path = `${dir}/${name}`;
      const record = parseRecord(await textAt(path), path);
      if (fileOf(record.release) === name) return record;
      throw new Problem(`this is the record of ${record.release}`, {
        path,
        line: 2,
        remedy: `Its name should be ${fileOf(record.release)}`,
      });
    }),
  );
}

/** What there is to record of a run over all named scenes. */
export function recordOf(
  outcomes: readonly Outcome[],
  { settings, release: uname }: Header,
  match: Match,
  { level }: Versus,
  probe: string,
  date: string,
): KernelRecord {
  return {
    release: releaseOf(match, uname),
    kernel: `${uname} ${settings.get("arch") ?? ""}`.trim(),
    against: match.release.release,
    date,
    level,
    probe,
    settings: [...settings].filter(([name]) => !NOT_SETTINGS.includes(name)).map((pair) =>
      pair.join("=")
    ),
    every: [],
    entries: outcomes.map((outcome) => entryOf(outcome, level)),
  };
}

/** How a kernel is named: as people do, where it is one that is known. */
export function releaseOf(match: Match, uname: string): string {
  return match.why ? uname : match.release.release;
}

function entryOf({ scene, verdict, kernel, machine }: Outcome, level: Versus["level"]): Entry {
  const { name, lines } = scene;
  const entry = { name, scene: hashOf(lines), verdict: verdict.verdict };
  if (verdict.verdict === "unavailable") return { ...entry, answers: "-", why: verdict.why };
  const answers = hashOf(kernel.map((answer, i) => look(decided(answer, machine[i]), level)!));
  if (verdict.verdict === "agrees") return { ...entry, answers };
  const { at } = verdict, seen = (answer: string | undefined) => look(answer, level) ?? "nothing";
  return {
    ...entry,
    answers,
    why: `${lines[at]}: kernel ${seen(kernel[at])}, simulator ${seen(machine[at])}`
      .replaceAll(/\s+/g, " "),
  };
}

/**
 * Writes a record, under another name first. One that saw more of the same scenes by the same probe is left as it is.
 *
 * @returns the path, or why nothing was written
 */
export async function writeRecord(
  { ...record }: KernelRecord,
  dir = RECORDS,
): Promise<Written> {
  const path = `${dir}/${fileOf(record.release)}`;
  const before = (await readRecords(dir)).find(({ release }) => release === record.release);
  if (before?.probe === record.probe) record.every = before.every;
  const more = before && seesMore(before, record);
  if (more) return { path, kept: more };
  // A record that says the same is not made younger.
  if (before && printRecord({ ...before, date: record.date }) === printRecord(record)) {
    return { path, kept: `it says the same since ${before.date}` };
  }
  return await save(record, path, dir);
}

/** Where a record is; and why it was left as it is, where it was. */
interface Written {
  readonly path: string;
  readonly kept?: string;
}

/**
 * Notes in the record of a kernel that every program of a length agrees, or that one does not.
 *
 * @param found what was replayed, and how many of it differ
 */
export async function writeWhole(
  { release, probe, level }: Pick<KernelRecord, "release" | "probe" | "level">,
  found: Whole & { readonly differs: number },
  dir = RECORDS,
): Promise<Written> {
  const path = `${dir}/${fileOf(release)}`, { differs, ...whole } = found;
  const before = (await readRecords(dir)).find((one) => one.release === release);
  if (!before) return { path, kept: "it is not there: replay the named scenes first" };
  if (before.probe !== probe) return { path, kept: "the probe was changed since" };
  if (before.level !== level) return { path, kept: `it saw ${before.level}, this run ${level}` };
  const alike = before.every.find(({ settings }) => settings === whole.settings);
  const longer = alike && alike.operations > whole.operations;
  if (longer && differs === 0) {
    return { path, kept: `it says so of ${alike.operations} operations` };
  }
  if (!alike && differs > 0) return { path, kept: "it does not say that all agree" };
  const others = before.every.filter((one) => one !== alike);
  const every = [...others, ...differs > 0 ? [] : [whole]];
  every.sort((a, b) => Number(a.settings) - Number(b.settings));
  return await save({ ...before, every }, path, dir);
}

async function save(record: KernelRecord, path: string, dir: string): Promise<Written> {
  try {
    await Deno.mkdir(dir, { recursive: true });
    await replaceFile(path, printRecord(record));
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    return { path, kept: "it cannot be written by you" };
  }
  return { path };
}

/** Why the record that is there is the better one: of the same scenes and probe, by somebody who sees more. */
function seesMore(before: KernelRecord, record: KernelRecord): string | undefined {
  const scenes = ({ entries }: KernelRecord) =>
    JSON.stringify(entries.map(({ name, scene }) => [name, scene]));
  const unavailable = ({ entries }: KernelRecord) =>
    entries.filter(({ verdict }) => verdict === "unavailable").length;
  if (before.probe !== record.probe || scenes(before) !== scenes(record)) return undefined;
  const levelsMore = levels.indexOf(before.level) - levels.indexOf(record.level);
  const scenesMore = unavailable(record) - unavailable(before);
  if (levelsMore > 0) return `it saw ${before.level}, this run ${record.level}`;
  if (levelsMore === 0 && scenesMore > 0) {
    return `it has an answer to ${plural(scenesMore, "scene")} more`;
  }
}

/** The name of the record of a kernel. */
export function fileOf(release: string): string {
  return `${release.replaceAll(/[^\w.+-]/g, "_")}.txt`;
}
