// The outputs that a chapter's Markdown holds, against what its cells printed: they are the same, no wider than a page, and
// something that the simulator said. A claim that an author types into `console.log` is no evidence.

import { parser } from "@lezer/javascript";
import { Problem } from "../tool/problem.ts";
import { columnsOf } from "../tool/text.ts";
import {
  type Cell,
  cellName,
  cellsOf,
  type Chapter,
  type Edit,
  type Finding,
  linesOf,
  outputOf,
} from "./chapter.ts";
import { type CellResult, outputText } from "./harness.ts";

/** The widest line that an output may have. */
const widest = 80;

/** Each cell whose stored output is not what it prints; those that did not run to their end are left out. */
export function staleOutputs(chapter: Chapter, results: readonly CellResult[]): Finding[] {
  const { path, slug } = chapter;
  return results.flatMap((result) => {
    const cell = cellsOf(chapter)[result.index];
    if (!cell || result.error) return [];
    const output = outputOf(chapter, cell);
    const before = output?.text ?? "", after = outputText(result);
    if (before === after) return [];
    const line = output ? output.line + 1 : cell.line, place = cellName(cell);
    const [stored, printed] = [linesIn(before), linesIn(after)];
    const at = stored.findIndex((text, index) => text !== printed[index]);
    const first = at < 0 ? stored.length : at;
    const quote = (text: string | undefined) => text === undefined ? "nothing" : `|${text}|`;
    const problem = new Problem(`${place} prints something else than its output says`, {
      path,
      line: stored.length === 0 ? line : line + first,
      remedy: `the output says: ${quote(stored[first])}\n` +
        `the cell prints: ${quote(printed[first])}\n` +
        `Run \`deno task chapter ${slug} --accept\`, and read what it says before you commit`,
    });
    const told = { what: "output", place, line, before, after };
    return [{ problem, edit: editOf(chapter, cell, after), told }];
  });
}

/** Replaces, inserts or takes away the output of a cell, with the blank lines before one that goes. */
function editOf(chapter: Chapter, cell: Cell, printed: string): Edit {
  const eol = chapter.head.includes("\r\n") ? "\r\n" : "\n";
  const ticks = "`".repeat(Math.max(
    3,
    ...[...printed.matchAll(/^ *(`{3,})/gm)].map(([, run]) => run!.length + 1),
  ));
  const fenced = `${ticks}output\n${printed}\n${ticks}\n`.replaceAll("\n", eol);
  const output = outputOf(chapter, cell), below = cell.line + linesOf(cell.source).length;
  if (output) {
    const line = printed ? output.line : below;
    return {
      line,
      count: output.line + linesOf(output.source).length - line,
      text: printed && fenced,
    };
  }
  const next = chapter.segments[chapter.segments.indexOf(cell) + 1];
  const gap = next && /^[ \t]*\S/.test(next.source) ? eol : "";
  const ended = cell.source.endsWith("\n") ? "" : eol;
  return { line: below, count: 0, text: `${ended}${eol}${fenced}${gap}` };
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

const linesIn = (text: string): string[] => text === "" ? [] : text.split("\n");

const typescript = parser.configure({ dialect: "ts" });

/**
 * Each cell that printed or showed something and uses nothing of the simulator.
 *
 * This looks at names only. What is imported from "sim", and `kernel`, come from the simulator; a top-level statement that
 * uses such a name passes it on to every name of the chapter that the statement declares or uses. So it finds outputs that
 * have nothing to do with the simulator, and not those that only pretend to.
 */
export function originProblems(chapter: Chapter, results: readonly CellResult[]): Problem[] {
  const known = new Set(["kernel"]);
  const own = new Set<string>();
  return cellsOf(chapter).filter(({ marks }) => !marks.ignore).flatMap((cell) => {
    const uses = follow(cell, own, known);
    const result = results.find(({ index }) => index === cell.index);
    const prints = result?.items.length || result?.counts;
    if (uses || !prints || result.error) return [];
    return [
      new Problem(`${cellName(cell)} prints what does not come from the simulator`, {
        path: chapter.path,
        line: cell.line,
        remedy: "Print what the machine says; what you say belongs in the prose",
      }),
    ];
  });
}

/** Adds to `own` what a cell declares and to `known` what comes from the simulator; whether the cell uses any of it. */
function follow({ code }: Cell, own: Set<string>, known: Set<string>): boolean {
  const { topNode } = typescript.parse(code);
  let uses = false;
  for (let statement = topNode.firstChild; statement; statement = statement.nextSibling) {
    const defined = new Set<string>();
    const used = new Set<string>();
    statement.cursor().iterate(({ name, from, to }) => {
      if (name === "VariableDefinition") defined.add(code.slice(from, to));
      if (name === "VariableName") used.add(code.slice(from, to));
    });
    for (const name of defined) own.add(name);
    const imports = statement.name === "ImportDeclaration";
    if (!imports && ![...used].some((name) => known.has(name))) continue;
    uses ||= !imports;
    for (const name of [...defined, ...used]) if (own.has(name)) known.add(name);
  }
  return uses;
}
