// The outputs that a chapter's Markdown holds, against what its cells printed.

import { Problem } from "../tool/problem.ts";
import { columnsOf } from "../tool/text.ts";
import { type CellResult, outputText } from "./harness.ts";
import { type Cell, cellName, cellsOf, type Chapter, outputOf, parse, print } from "./markdown.ts";

/** The widest line that an output may have. */
const widest = 80;

/** A cell whose stored output is not what it prints; both are without a last line end, and empty for none. */
export interface Difference {
  cell: Cell;
  /** Of the output's first line in the chapter, or of the cell if it has no output. */
  line: number;
  stored: string;
  printed: string;
}

/** Where the chapter says something else than its cells; cells that did not run to their end are left out. */
export function differences(chapter: Chapter, results: readonly CellResult[]): Difference[] {
  return results.flatMap((result) => {
    const cell = cellsOf(chapter)[result.index];
    if (!cell || result.error) return [];
    const output = outputOf(chapter, cell);
    const stored = output?.text ?? "";
    const printed = outputText(result);
    const line = output ? output.line + 1 : cell.line;
    return stored === printed ? [] : [{ cell, line, stored, printed }];
  });
}

/** Each difference as a problem at its first differing line, with both versions of that line. */
export function staleOutputs(chapter: Chapter, results: readonly CellResult[]): Problem[] {
  return differences(chapter, results).map(({ cell, line, stored, printed }) => {
    const [before, after] = [linesIn(stored), linesIn(printed)];
    const at = before.findIndex((text, index) => text !== after[index]);
    const first = at < 0 ? before.length : at;
    const quote = (text: string | undefined) => text === undefined ? "nothing" : `|${text}|`;
    return new Problem(`${cellName(cell)} prints something else than its output says`, {
      path: chapter.path,
      line: before.length === 0 ? line : line + first,
      remedy: `the output says: ${quote(before[first])}\n` +
        `the cell prints: ${quote(after[first])}\n` +
        `Run \`deno task chapter ${chapter.slug} --accept\`, and read what it says before you commit`,
    });
  });
}

/** A problem for the first line of each cell's output that is wider than a page or a terminal shows. */
export function wideOutputs(chapter: Chapter, results: readonly CellResult[]): Problem[] {
  return results.flatMap((result) => {
    const cell = cellsOf(chapter)[result.index];
    const wide = linesIn(outputText(result)).find((text) => columnsOf(text) > widest);
    if (!cell || wide === undefined) return [];
    return [
      new Problem(`${cellName(cell)} prints a line of ${columnsOf(wide)} columns`, {
        path: chapter.path,
        line: cell.line,
        remedy: `${
          wide.slice(0, 60)
        }…\nAn output has at most ${widest} columns, for terminals and paper`,
      }),
    ];
  });
}

/**
 * The chapter with its outputs replaced, inserted or taken away; all else stays byte for byte.
 *
 * Cells without a result keep what they have.
 */
export function withOutputs(chapter: Chapter, results: readonly CellResult[]): Chapter {
  const changed = differences(chapter, results);
  const eol = chapter.head.includes("\r\n") ? "\r\n" : "\n";
  const fenced = (text: string) => {
    const ticks = Math.max(
      3,
      ...[...text.matchAll(/^ *(`{3,})/gm)].map(([, run]) => run!.length + 1),
    );
    return `${"`".repeat(ticks)}output\n${text}\n${"`".repeat(ticks)}\n`.replaceAll("\n", eol);
  };
  const sources = chapter.segments.map((segment, at) => {
    if (segment.kind === "predict") return segment.source;
    const next = chapter.segments.slice(at + 1, at + 3);
    const difference = changed.find(({ cell }) =>
      cell.index ===
        (segment.kind === "output" ? segment.cell : segment.kind === "cell" && segment.index)
    );
    if (segment.kind === "output") {
      return !difference ? segment.source : difference.printed ? fenced(difference.printed) : "";
    }
    if (segment.kind === "prose") { // the blank lines before an output that goes away go with it
      const before = chapter.segments[at - 1];
      const gone = next[0]?.kind === "output" && before?.kind === "cell" &&
        changed.some(({ cell, printed }) => cell === before && !printed);
      return gone ? "" : segment.source;
    }
    const has = next.some((one) => one.kind === "output" && one.cell === segment.index);
    if (!difference || has) return segment.source;
    const source = segment.source.endsWith("\n") ? segment.source : segment.source + eol;
    const gap = next[0] && /^[ \t]*\S/.test(next[0].source) ? eol : "";
    return `${source}${eol}${fenced(difference.printed)}${gap}`;
  });
  return parse(print({ ...chapter, segments: [] }) + sources.join(""), chapter.path);
}

const linesIn = (text: string): string[] => text === "" ? [] : text.split("\n");
