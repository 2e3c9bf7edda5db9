// What the cells have machines do, kept in chapters/cells.scene for real kernels: written by `--accept`, compared by `--check`.

import {
  type Cell as CellOfKernel,
  CELLS,
  parseCells,
  printCells,
  readCells,
  replayedText,
} from "../kernel/cells.ts";
import { readRecords } from "../kernel/store.ts";
import { Problem } from "../tool/problem.ts";
import { plural } from "../tool/text.ts";
import { replaceFile, unlessMissing } from "../tool/files.ts";
import { type Cell, cellsOf, type Chapter, type Run } from "./chapter.ts";
import { readText, root } from "./files.ts";
import type { CellResult } from "./harness.ts";

/** The name of a cell among those of all chapters: `owners/first-store`, or `owners/1` where it has no id. */
export function nameOfCell({ slug }: Chapter, index: number, id: string | undefined): string {
  return `${slug}/${id ?? index + 1}`;
}

/** What a reader is told below a cell of where its operations were seen; undefined where it has none. */
export type Replayed = (
  chapter: Chapter,
  cell: Cell,
  /** What became of it just now. */
  result: CellResult | undefined,
) => string | undefined;

/** Reads what is known of all cells. */
export async function readReplayed(): Promise<Replayed> {
  const [{ cells }, records] = await Promise.all([readCells(), readRecords()]);
  return (chapter, { index, marks }, result) => {
    const found = cells.find(({ name }) => name === nameOfCell(chapter, index, marks.id));
    return found && replayedText(found, records, result?.deeds);
  };
}

/**
 * The file as it should be: what these chapters' cells did just now, and what stands in it of the others'. A chapter that
 * did not run to its end keeps what it had.
 *
 * @param all every chapter of the course, in order
 */
export function cellsText(
  before: string,
  all: readonly Chapter[],
  runs: ReadonlyMap<string, Run>,
): string {
  const known = before ? parseCells(before) : [];
  const cells = all.flatMap((chapter): CellOfKernel[] => {
    const run = runs.get(chapter.slug);
    if (!run || run.problem) {
      return known.filter(({ name }) => name.startsWith(`${chapter.slug}/`));
    }
    return run.cells.flatMap(({ index, deeds }) =>
      deeds ? [{ name: nameOfCell(chapter, index, cellsOf(chapter)[index]!.marks.id), deeds }] : []
    );
  });
  return cells.length > 0 ? printCells(cells) : "";
}

/** Says where the file is not what the cells do. */
export async function cellsProblems(
  all: readonly Chapter[],
  runs: ReadonlyMap<string, Run>,
): Promise<Problem[]> {
  const before = await readCellsText(), now = cellsText(before, all, runs);
  if (before === now) return [];
  const theirs = now.split("\n"), ours = before.split("\n");
  const at = theirs.findIndex((line, i) => line !== ours[i]);
  return [
    new Problem("this is not what the cells have machines do", {
      path: CELLS,
      line: Math.min(at < 0 ? ours.length : at + 1, ours.length),
      remedy: `Run \`deno task chapter --accept\`, which writes: ${theirs[at] || "no more"}`,
    }),
  ];
}

/** Writes the file. @returns what to tell */
export async function acceptCells(
  all: readonly Chapter[],
  runs: ReadonlyMap<string, Run>,
): Promise<string | undefined> {
  const before = await readCellsText(), now = cellsText(before, all, runs);
  if (before === now) return undefined;
  await replaceFile(new URL(CELLS, root), now);
  return `${CELLS}: ${plural(parseCells(now).length, "cell")} written`;
}

async function readCellsText(): Promise<string> {
  return await unlessMissing(readText(CELLS)) ?? "";
}
