// `deno task chapter --accept`: what the cells print and count goes into the Markdown, and what changed is told.

import { fromFileUrl } from "@std/path";
import { replaceFile } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";
import { say } from "../tool/terminal.ts";
import { plural } from "../tool/text.ts";
import { hasHazards, hasSeen } from "./body.ts";
import { type Rewritten, withCounts } from "./counts.ts";
import { readText, root } from "./files.ts";
import type { CellResult } from "./harness.ts";
import { cellName, type Chapter, print } from "./markdown.ts";
import { differences, wideOutputs, withOutputs } from "./outputs.ts";
import type { Run } from "./run.ts";

/** How many stored outputs and numbers of a chapter are not what its cells say. */
export function staleness(chapter: Chapter, cells: readonly CellResult[]): number {
  return differences(chapter, cells).length + withCounts(chapter, cells).rewritten.length;
}

/** Writes a chapter's outputs and numbers; one whose cells fail, or print too wide a line, is left alone and named. */
export async function accept(chapter: Chapter, { cells, problem }: Run): Promise<Problem[]> {
  const { path } = chapter;
  const reasons = problem ? [problem] : wideOutputs(chapter, cells);
  if (reasons.length > 0) return reasons;
  const changed = differences(chapter, cells);
  const { chapter: counted, rewritten } = withCounts(chapter, cells);
  const filled = withOutputs(counted, cells);
  const { chapter: current, rewritten: kernels, table } = await withRecords(filled);
  if (print(current) !== print(chapter)) await replace(chapter, print(current));
  const side = (mark: string, text: string) =>
    text ? text.split("\n").map((line) => `${mark} ${line}`) : [];
  for (const { cell, line, stored, printed } of changed) {
    say(`${path}:${line}: ${cellName(cell)}`, ...side("-", stored), ...side("+", printed));
  }
  for (const { line, before, after } of rewritten) {
    say(`${path}:${line}: a number in the prose`, ...side("-", before), ...side("+", after));
  }
  for (const { line, before, after } of kernels) {
    say(`${path}:${line}: where a scene was seen`, ...side("-", before), ...side("+", after));
  }
  const written = [
    ...changed.length > 0 ? [plural(changed.length, "output")] : [],
    ...rewritten.length > 0 ? [plural(rewritten.length, "number")] : [],
    ...kernels.length > 0 ? [plural(kernels.length, "list") + " of kernels"] : [],
    ...table ? ["the table of hazards"] : [],
  ];
  say(
    `${path}: ${written.length === 0 ? "nothing to change" : `${written.join(" and ")} written`}`,
  );
  return [];
}

/** The chapter with what the records of real kernels say: where its scenes were seen, and the table of hazards. */
async function withRecords(
  chapter: Chapter,
): Promise<{ chapter: Chapter; rewritten: Rewritten[]; table: boolean }> {
  if (!hasSeen(chapter) && !hasHazards(chapter)) return { chapter, rewritten: [], table: false };
  const [{ readRecords }, { withSeen }, { hazardsTable, withHazards }] = await Promise.all([
    import("../kernel/store.ts"),
    import("./seen.ts"),
    import("./hazards.ts"),
  ]);
  const records = await readRecords(), seen = withSeen(chapter, records);
  if (!hasHazards(chapter)) return { ...seen, table: false };
  const current = withHazards(seen.chapter, hazardsTable(records));
  return { ...seen, chapter: current, table: print(current) !== print(seen.chapter) };
}

async function replace(chapter: Chapter, text: string): Promise<void> {
  const { path } = chapter;
  if (await readText(path) !== print(chapter)) {
    throw new Problem("the file has changed meanwhile, and was left alone", {
      path,
      remedy: "Once more, with the file as it is now",
    });
  }
  await replaceFile(fromFileUrl(new URL(path, root)), text).catch((error: Error) => {
    throw new Problem(`the file cannot be written: ${error.message}`, { path });
  });
}
