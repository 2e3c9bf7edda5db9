// The records on disk, `scripts/kernel/records/*.txt`: read all of them, write one so that it is never half there.

import { Problem } from "../problem.ts";
import { levels } from "../../sim/mod.ts";
import { plural } from "../terminal.ts";
import { decided, look } from "./compare.ts";
import { hashOf } from "./hash.ts";
import type { Header } from "./header.ts";
import { type Entry, type KernelRecord, parseRecord, printRecord } from "./record.ts";
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
      const record = parseRecord(await Deno.readTextFile(path), path);
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
    release: match.why ? uname : match.release.release,
    kernel: `${uname} ${settings.get("arch") ?? ""}`.trim(),
    against: match.release.release,
    date,
    level,
    probe,
    settings: [...settings].filter(([name]) => !NOT_SETTINGS.includes(name)).map((pair) =>
      pair.join("=")
    ),
    entries: outcomes.map((outcome) => entryOf(outcome, level)),
  };
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
  record: KernelRecord,
  dir = RECORDS,
): Promise<{ path: string; kept?: string }> {
  const path = `${dir}/${fileOf(record.release)}`;
  const before = (await readRecords(dir)).find(({ release }) => release === record.release);
  const more = before && seesMore(before, record);
  if (more) return { path, kept: more };
  // A record that says the same is not made younger.
  if (before && printRecord({ ...before, date: record.date }) === printRecord(record)) {
    return { path, kept: `it says the same since ${before.date}` };
  }
  const temporary = `${path}.${crypto.randomUUID()}.new`;
  try {
    await Deno.mkdir(dir, { recursive: true });
    await Deno.writeTextFile(temporary, printRecord(record));
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
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
