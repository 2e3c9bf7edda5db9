// What `deno task mutants` prints: a table of files, and a line for each survivor.

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
/** The width of a number, with the space before it. */
const WIDE = 9;

/** The table, with a sum below it; where the terminal is narrow, the numbers stand below their path. */
export function tableLines(rows: readonly Row[], width: number): string[] {
  const sum = (name: typeof COLUMNS[number]) => rows.reduce((all, row) => all + row[name], 0);
  const all: Row = {
    path: "in all",
    sites: sum("sites"),
    sampled: sum("sampled"),
    killed: sum("killed"),
  };
  const longest = Math.max(...[...rows, all].map(({ path }) => path.length));
  const numbers = (texts: readonly string[]) => texts.map((text) => text.padStart(WIDE)).join("");
  const beside = longest + COLUMNS.length * WIDE <= width;
  const line = ({ path, ...row }: Row) => {
    const texts = numbers(COLUMNS.map((name) => String(row[name])));
    return beside ? [path.padEnd(longest) + texts] : [path, texts];
  };
  return [(beside ? " ".repeat(longest) : "") + numbers(COLUMNS), ...[...rows, all].flatMap(line)];
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
