// What a chapter stores and a program says: outputs, counted numbers, where scenes were seen, the table of hazards. `--check`
// compares them, and `--accept` writes all of them at once, and tells what changed.

import { replaceFile } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";
import { say } from "../tool/terminal.ts";
import { plural } from "../tool/text.ts";
import { type Body, bodyOf, hasHazards, hasSeen } from "./body.ts";
import { applied, type Chapter, type Finding, print, type Run } from "./chapter.ts";
import { COUNT, counted, staleFigures } from "./figures.ts";
import { readText, root } from "./files.ts";
import type { CellResult } from "./harness.ts";
import { staleOutputs, wideOutputs } from "./outputs.ts";

/** How many stored outputs and numbers of a chapter are not what its cells say. */
export function staleness(chapter: Chapter, cells: readonly CellResult[]): number {
  const figures = print(chapter).includes(COUNT)
    ? staleFigures(bodyOf(chapter), [counted(chapter, cells)])
    : [];
  return staleOutputs(chapter, cells).length + figures.length;
}

/** All that a chapter stores and that is not what its cells, or the records of real kernels, say. */
export async function stale(body: Body, cells: readonly CellResult[]): Promise<Finding[]> {
  const { chapter } = body, sources = [counted(chapter, cells)], hazards: Finding[] = [];
  if (hasSeen(chapter) || hasHazards(chapter)) {
    const [{ readRecords }, { hazardsTable, seen, staleHazards }] = await Promise.all([
      import("../kernel/store.ts"),
      import("./records.ts"),
    ]);
    const records = await readRecords();
    sources.push(seen(records));
    if (hasHazards(chapter)) hazards.push(...staleHazards(chapter, hazardsTable(records)));
  }
  return [...staleOutputs(chapter, cells), ...staleFigures(body, sources), ...hazards];
}

/** Writes what a chapter stores; one whose cells fail, or print too wide a line, is left alone and named. */
export async function accept(chapter: Chapter, { cells, problem }: Run): Promise<Problem[]> {
  const { path } = chapter;
  const reasons = problem ? [problem] : wideOutputs(chapter, cells);
  if (reasons.length > 0) return reasons;
  const found = await stale(bodyOf(chapter), cells);
  const mended = found.filter(({ edit }) => edit);
  if (mended.length > 0) {
    await write(
      chapter,
      applied(print(chapter), mended.map(({ edit }) => edit!)),
    );
  }
  const side = (mark: string, text: string) =>
    text ? text.split("\n").map((line) => `${mark} ${line}`) : [];
  for (const { told } of mended) {
    if (!told || told.what === "table") continue;
    const { place, line, before, after } = told;
    say(`${path}:${line}: ${place}`, ...side("-", before), ...side("+", after));
  }
  const count = (what: string) => mended.filter(({ told }) => told?.what === what).length;
  const [outputs, numbers, lists] = [count("output"), count("number"), count("list")];
  const written = [
    ...outputs > 0 ? [plural(outputs, "output")] : [],
    ...numbers > 0 ? [plural(numbers, "number")] : [],
    ...lists > 0 ? [plural(lists, "list") + " of kernels"] : [],
    ...count("table") > 0 ? ["the table of hazards"] : [],
  ];
  say(
    `${path}: ${written.length === 0 ? "nothing to change" : `${written.join(" and ")} written`}`,
  );
  // A table that is not closed; a link in a quote that is broken over two lines.
  return found.filter(({ edit }) => !edit).map(({ problem }) => problem);
}

async function write(chapter: Chapter, text: string): Promise<void> {
  const { path } = chapter;
  if (await readText(path) !== print(chapter)) {
    throw new Problem("the file has changed meanwhile, and was left alone", {
      path,
      remedy: "Once more, with the file as it is now",
    });
  }
  await replaceFile(new URL(path, root), text).catch((error: Error) => {
    throw new Problem(`the file cannot be written: ${error.message}`, { path });
  });
}
