// The record of a kernel: what it answered to the named scenes, in a text that people read and compare. Printing and
// parsing are each other's inverse; a record that is no record is named at its line.

import { type Level, levels } from "../../sim/mod.ts";
import { Problem } from "../tool/problem.ts";

/** What is recorded of a scene. */
export interface Entry {
  /** The scene's name, without two blanks in a row. */
  readonly name: string;
  /** Of its lines: another hash, another scene. */
  readonly scene: string;
  readonly verdict: "agrees" | "differs" | "unavailable";
  /** Of the kernel's answers at the record's level; `-` where some are not there. */
  readonly answers: string;
  /** Why it is unavailable, where it differs. */
  readonly why?: string;
}

/** What one kernel answered. */
export interface KernelRecord {
  /** The release as people name it, and the file: `6.18.44`. */
  readonly release: string;
  /** The whole name, and the architecture. */
  readonly kernel: string;
  /** The simulator's kernel that was held against it. */
  readonly against: string;
  /** The day, `2026-07-30`. */
  readonly date: string;
  readonly level: Level;
  /** Of the probe's source. */
  readonly probe: string;
  /** What of the kernel's configuration matters, `fuse=yes`. */
  readonly settings: readonly string[];
  /** The longest programs of which every one agrees: without settings that are changed, and with them. */
  readonly every: readonly Whole[];
  readonly entries: readonly Entry[];
}

/** All programs of one length, which agree. */
export interface Whole {
  readonly operations: number;
  /** Were reclaim and KSM among them? */
  readonly settings: boolean;
  readonly programs: number;
  /** Fault counts that no page table decides. */
  readonly undecided: number;
  readonly date: string;
}

const FIELDS = ["release", "kernel", "against", "date", "level", "probe", "settings"] as const;
const WHOLE =
  /^every: (\d+) operations( with settings)?, (\d+) programs, (\d+) counts not decided, (\S+)$/;
const ENTRY = /^(agrees|differs|unavailable) +([0-9a-f]{12}) ([0-9a-f]{12}|-) +(\S.*)$/;

/** The text of a record. */
export function printRecord(record: KernelRecord): string {
  const fields = FIELDS.map((name) => {
    const value = record[name];
    return `${name}: ${typeof value === "string" ? value : value.join(" ")}`.trimEnd();
  });
  const entries = record.entries.map(({ verdict, scene, answers, name, why }) =>
    `${verdict.padEnd(11)} ${scene} ${answers.padEnd(12)} ${name}${why ? `  (${why})` : ""}`
  );
  return [
    `# Written by "deno task kernel" on that kernel, and by nobody else: "deno task evidence" reads it.`,
    ...fields,
    ...record.every.map(printWhole),
    "",
    "# what came of it, hash of the scene, hash of the kernel's answers, name",
    ...entries,
    "",
  ].join("\n");
}

function printWhole({ operations, settings, programs, undecided, date }: Whole): string {
  const which = `${operations} operations${settings ? " with settings" : ""}`;
  return `every: ${which}, ${programs} programs, ${undecided} counts not decided, ${date}`;
}

function wholeOf([, operations, settings, programs, undecided, date]: RegExpMatchArray): Whole {
  return {
    operations: Number(operations),
    settings: settings !== undefined,
    programs: Number(programs),
    undecided: Number(undecided),
    date: date!,
  };
}

/**
 * Reads the text of a record.
 *
 * @param path for messages
 * @throws Problem for a line that has no place in a record, or a field that is missing
 */
export function parseRecord(text: string, path: string): KernelRecord {
  const fields = new Map<string, string>();
  const entries: Entry[] = [], every: Whole[] = [];
  const lines = text.split("\n");
  for (const [at, line] of lines.entries()) {
    const wrong = (message: string) => new Problem(message, { path, line: at + 1, remedy: REMEDY });
    if (line === "" || line.startsWith("#")) continue;
    const [, verdict, scene, answers, rest] = line.match(ENTRY) ?? [];
    if (verdict) {
      const [, name = "", why] = rest!.match(/^(.*?)(?: {2}\((.*)\))?$/)!;
      if (entries.some((entry) => entry.name === name)) {
        throw wrong(`the scene "${name}" is recorded twice`);
      }
      entries.push({
        name,
        scene: scene!,
        verdict: verdict as Entry["verdict"],
        answers: answers!,
        ...why === undefined ? {} : { why },
      });
      continue;
    }
    const whole = line.match(WHOLE);
    if (whole) {
      every.push(wholeOf(whole));
      continue;
    }
    const [, field, value] = line.match(/^([a-z]+):(?: (.*))?$/) ?? [];
    if (!field || !(FIELDS as readonly string[]).includes(field)) {
      throw wrong(`this is no line of a record: ${line}`);
    }
    if (fields.has(field)) throw wrong(`${field} is given twice`);
    fields.set(field, value ?? "");
  }
  const end = { path, line: lines.length, remedy: REMEDY };
  if (!text.endsWith("\n")) throw new Problem("the record ends in the middle of a line", end);
  const missing = FIELDS.find((name) =>
    !fields.has(name) || !fields.get(name) && name !== "settings"
  );
  if (missing) throw new Problem(`the record does not say its ${missing}`, end);
  const level = levels.find((one) => one === fields.get("level"));
  if (!level) throw new Problem(`${fields.get("level")} is no level`, end);
  return {
    release: fields.get("release")!,
    kernel: fields.get("kernel")!,
    against: fields.get("against")!,
    date: fields.get("date")!,
    level,
    probe: fields.get("probe")!,
    settings: fields.get("settings")!.split(" ").filter((word) => word),
    every,
    entries,
  };
}

const REMEDY = "Run `deno task kernel` on that kernel again, or take the file from the repository.";
