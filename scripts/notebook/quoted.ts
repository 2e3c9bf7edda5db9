// Code that a chapter quotes: a block ```ts ignore file=sim/era.ts shows lines of that file, as they stand there now. It may
// be shown with less indentation, and a line `// …` stands for lines that are left out.

import { Problem } from "../tool/problem.ts";
import { cellName, cellsOf, type Chapter } from "./chapter.ts";

/** The text of a file of the project; undefined where there is none. */
export type Read = (path: string) => Promise<string | undefined>;

const LEFT_OUT = /^\s*(?:\/\/|\/?\*)?\s*…\s*$/;

/** Each quoted block that is not the text of its file, or no longer. */
export async function quotedProblems(chapter: Chapter, read: Read): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const cell of cellsOf(chapter)) {
    const { file } = cell.marks;
    if (file === undefined) continue;
    const text = await read(file);
    const place = { path: chapter.path, line: cell.line };
    if (text === undefined) {
      const remedy = "The mark is a path from the project's folder, file=sim/era.ts";
      problems.push(
        new Problem(`${cellName(cell)} quotes ${file}, and there is none`, { ...place, remedy }),
      );
      continue;
    }
    const at = differs(linesIn(cell.code), linesIn(text));
    if (at === undefined) continue;
    problems.push(
      new Problem(`${cellName(cell)} is not the text of ${file} any more`, {
        path: chapter.path,
        line: cell.line + 1 + at,
        remedy: "Copy the lines from there; a line `// …` stands for what is left out",
      }),
    );
  }
  return problems;
}

/** The first line of a quotation that the file does not have where it should, counted from 0. */
function differs(quoted: readonly string[], file: readonly string[]): number | undefined {
  let from = 0; // in the file: pieces follow each other
  for (const { at, lines } of pieces(quoted)) {
    const found = indexOfLines(file, lines, from);
    if (found < 0) return at + commonWith(file, lines, from);
    from = found + lines.length;
  }
}

/** What stands between the lines that stand for others, and where in the quotation it begins. */
function pieces(quoted: readonly string[]): { at: number; lines: string[] }[] {
  const found: { at: number; lines: string[] }[] = [];
  let lines: string[] | undefined;
  for (const [at, line] of quoted.entries()) {
    if (LEFT_OUT.test(line)) lines = undefined;
    else if (lines) lines.push(line);
    else found.push({ at, lines: lines = [line] });
  }
  return found;
}

/** Where a file has some lines one after the other, all of them indented by as much more; -1 if nowhere. */
function indexOfLines(file: readonly string[], lines: readonly string[], from: number): number {
  return file.findIndex((_, at) =>
    at >= from && common(file.slice(at, at + lines.length), lines) === lines.length
  );
}

/** How many of the first lines the file has somewhere in a row: so many are not to blame. */
function commonWith(file: readonly string[], lines: readonly string[], from: number): number {
  const most = Math.max(
    0,
    ...file.map((_, at) => at < from ? 0 : common(file.slice(at, at + lines.length), lines)),
  );
  return Math.min(most, lines.length - 1);
}

/** How many of the first lines are the same, but for an indentation that all of them have. */
function common(there: readonly string[], here: readonly string[]): number {
  const [first = ""] = there, [start = ""] = here;
  const indent = first.slice(0, first.length - start.length);
  if (indent.trim() !== "" || `${indent}${start}` !== first) return 0;
  const end = here.findIndex((line, i) => (line === "" ? "" : `${indent}${line}`) !== there[i]);
  return end < 0 ? here.length : end;
}

function linesIn(text: string): string[] {
  return text.replace(/\n$/, "").split("\n").map((line) => line.trimEnd());
}
