// A cell that prints prints something that the simulator said: a claim that an author types into `console.log` is no
// evidence.
//
// This looks at names only. What is imported from "sim", and `kernel`, come from the simulator; a top-level statement
// that uses such a name passes it on to every name of the chapter that the statement declares or uses. So it finds
// outputs that have nothing to do with the simulator, and not those that only pretend to.

import { parser } from "@lezer/javascript";
import { Problem } from "../tool/problem.ts";
import type { CellResult } from "./harness.ts";
import { type Cell, cellName, cellsOf, type Chapter } from "./markdown.ts";

const typescript = parser.configure({ dialect: "ts" });

/** Each cell that printed or showed something and uses nothing of the simulator. */
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
