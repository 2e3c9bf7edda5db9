// `deno task kata merge FILE…`: the progress of several learners, each a `.progress.json`, as one table.

import { basename, dirname } from "@std/path";
import { bold } from "@std/fmt/colors";
import { readFrom } from "../tool/here.ts";
import { Problem } from "../tool/problem.ts";
import { columnsOf, paragraph, plural, textTable } from "../tool/text.ts";
import type { Kata } from "./list.ts";
import { type Entry, isSolved, parseProgress, simHash, suiteHash } from "./progress.ts";

/** One learner: how the table calls them, and what their file says. */
export interface Learner {
  name: string;
  entries: Map<string, Entry>;
}

/** Reads files of progress, named from where the person stands. @throws Problem for what is none */
export async function readLearners(files: readonly string[]): Promise<Learner[]> {
  const names = namesOf(files);
  return await Promise.all(
    files.map(async (file, i) => ({ name: names[i]!, entries: await read(file) })),
  );
}

async function read(file: string): Promise<Map<string, Entry>> {
  const text = await readFrom(file);
  try {
    return parseProgress(text);
  } catch {
    throw new Problem("this is no progress of katas", {
      path: file,
      line: 1,
      remedy: "`deno task kata` keeps it as .progress.json, in the project's folder",
    });
  }
}

/** A file is called as its owner named it, or the folder it lies in; where that is not enough, by its path. */
function namesOf(files: readonly string[]): string[] {
  const short = files.map((file) => {
    const name = basename(file).replace(/\.json$/, "");
    return name === ".progress" ? basename(dirname(file)) : name;
  });
  return files.map((file, i) =>
    short.filter((name) => name === short[i]).length > 1 || short[i] === "." ? file : short[i]!
  );
}

/** The table: a row for each kata, a column for each learner; below each other where that is too wide. */
export async function mergedLines(
  katas: readonly Kata[],
  learners: readonly Learner[],
  width: number,
): Promise<string[]> {
  const sim = await simHash();
  const suites = new Map<string, string>();
  for (const kata of katas) suites.set(kata.slug, await suiteHash(kata));
  let stale = false;
  const cell = (slug: string, entry: Entry = {}): string => {
    if (!entry.state && !entry.hints && !isSolved(entry)) return "-";
    const done = isSolved(entry);
    const old = entry.state !== undefined &&
      (entry.sim !== sim || entry.suite !== suites.get(slug));
    if (old) stale = true;
    const tests = entry.state === "broken" ? "broken" : `${entry.passed} of ${entry.total}`;
    const state = done ? "done" : entry.state === undefined ? "-" : tests;
    const hints = entry.hints ? `, ${plural(entry.hints, "hint")}` : "";
    return `${state}${old ? "*" : ""}${hints}`;
  };
  const known = katas.map(({ slug }) => slug);
  const others = new Set(learners.flatMap(({ entries }) => [...entries.keys()]));
  const slugs = [...known, ...[...others].filter((slug) => !known.includes(slug)).sort()];
  const doneOf = ({ entries }: Learner) =>
    `${known.filter((slug) => isSolved(entries.get(slug))).length} of ${known.length}`;
  const table = textTable([
    ["", ...learners.map(({ name }) => name)],
    ...slugs.map((slug) => [slug, ...learners.map((one) => cell(slug, one.entries.get(slug)))]),
    ["done", ...learners.map(doneOf)],
  ]);
  const lines = table.every((line) => columnsOf(line) <= width)
    ? [bold(table[0]!), ...table.slice(1)]
    : learners.flatMap((learner, i) => [
      ...i > 0 ? [""] : [],
      ...paragraph(`${learner.name}: ${doneOf(learner)} done`, width).map(bold),
      ...slugs.map((slug) => `  ${slug}: ${cell(slug, learner.entries.get(slug))}`),
    ]);
  const note = "* reached with another suite or simulator than this checkout's";
  return [...lines, ...stale ? ["", ...paragraph(note, width)] : []];
}
