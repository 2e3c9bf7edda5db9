// What `deno task mutants` prints: a table of files, and a line for each survivor.

import { columnsOf, numbersTable } from "../tool/text.ts";
import type { Mutant } from "./sites.ts";

/** A file: how many mutants it could have, how many were drawn, and how many of these were killed. */
export interface Row {
  path: string;
  sites: number;
  sampled: number;
  killed: number;
}

type Paint = (text: string) => string;

const COLUMNS = ["sites", "sampled", "killed"] as const;

/** The table, with a sum below it; where the terminal is narrow, the numbers stand below their path. */
export function tableLines(rows: readonly Row[], width: number): string[] {
  const sums = COLUMNS.map((name) => rows.reduce((all, row) => all + row[name], 0));
  const lines = rows.map((row) => [row.path, ...COLUMNS.map((name) => String(row[name]))]);
  const all = [...lines, ["in all", ...sums.map(String)]];
  const table = numbersTable(["", ...COLUMNS], all);
  if (table.every((line) => columnsOf(line) <= width)) return table;
  const numbers = numbersTable(["", ...COLUMNS], all.map(([, ...numbers]) => ["", ...numbers]));
  return numbers.flatMap((line, i) => i === 0 ? [line] : [all[i - 1]![0]!, line]);
}

/** `sim/mm/fork.ts:57: error: …`, so that an editor can jump there. */
export function survivorLine(
  { path, line, was, becomes }: Mutant,
  kind: string,
  why: string,
  paint: { place: Paint; change: Paint },
): string {
  return `${paint.place(`${path}:${line}`)}: ${kind}: ${
    paint.change(`\`${was}\` → \`${becomes}\``)
  }: ${why}`;
}
