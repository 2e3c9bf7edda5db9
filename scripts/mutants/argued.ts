// Reads argued.txt: the mutants that no test can notice, each with the reason. A line is what the task prints of a
// survivor, without the line number, and then the reason:
//
//   sim/mm/fork.ts: `a < b` → `a <= b`: a is never b, because …
//   sim/mm/fork.ts#copy_mm: `a < b` → `a <= b`: where the file has it more than once, in the function copy_mm
//
// An empty line, and one that begins with #, say nothing.

import { Problem } from "../tool/problem.ts";
import type { Mutant } from "./sites.ts";

/** One line of the file. */
export interface Argued {
  /** Where it stands in argued.txt. */
  line: number;
  reason: string;
  mutants: Mutant[];
}

const LINE = /^([^\s:#]+)(?:#([^\s:]+))?: `(.+)` → `(.+)`: (.*\S)\s*$/;

/** The lines that hold, and what is wrong with the others. `mutants` are all that there are; `path` names the file. */
export function parseArgued(
  text: string,
  mutants: readonly Mutant[],
  path: string,
): { argued: Argued[]; problems: Problem[] } {
  const argued: Argued[] = [], problems: Problem[] = [];
  for (const [i, content] of text.split("\n").entries()) {
    if (content.trim() === "" || content.startsWith("#")) continue;
    const line = i + 1;
    const wrong = (message: string, remedy: string) =>
      problems.push(new Problem(message, { path, line, remedy }));
    const [, file, inside, was, becomes, reason] = content.match(LINE) ?? [];
    if (reason === undefined) {
      wrong("this is not a mutant and a reason", "FILE: `old` → `new`: why no test can notice it");
      continue;
    }
    const fitting = mutants.filter((one) =>
      one.path === file && one.was === was && one.becomes === becomes &&
      (inside === undefined || one.inside === inside)
    );
    const names = [...new Set(fitting.map((one) => one.inside))];
    if (fitting.length === 0) {
      wrong(
        "there is no such mutant (any more)",
        "Take the line out, or argue for what stands there now.",
      );
    } else if (names.length > 1) {
      const places = names.map((name) => `${file}#${name}`).join(", ");
      wrong(`${fitting.length} mutants look like this`, `Name the function: ${places}`);
    } else if (argued.some((other) => other.mutants.some((one) => fitting.includes(one)))) {
      wrong("this is argued already, above", "Take one of the two lines out.");
    } else argued.push({ line, reason, mutants: fitting });
  }
  return { argued, problems };
}
