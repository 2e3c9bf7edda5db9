// The types of an attempt: its own, and that what it exports is what the exercise exports, which no compiler asks of it
// otherwise.

import { asideOf, textAt } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";
import { typeProblems } from "../tool/types.ts";
import type { Kata } from "./list.ts";
import { exportsOf } from "./source.ts";

/** What the compiler says of an attempt; nothing is fine. `signal` ends it, and the answer is then worthless. */
export async function attemptTypes(kata: Kata, signal?: AbortSignal): Promise<Problem[]> {
  const attempt = `${kata.dir}/attempt.ts`, beside = `${asideOf(attempt)}.ts`;
  const names = [...exportsOf(kata.exercise).keys()];
  const text = [
    `import type * as given from "./exercise.ts";`,
    `import * as yours from "./attempt.ts";`,
    ...names.map((name, i) => `export const same${i}: typeof given.${name} = yours.${name};`),
  ].join("\n");
  try {
    await Deno.writeTextFile(beside, text, { createNew: true }); // through nobody's link
    const found = await typeProblems([attempt, beside], signal);
    const exported = exportsOf(await textAt(attempt));
    return found.map((problem) => {
      const { path, line = 0 } = problem.place, name = names[line - 3];
      if (path !== beside || name === undefined) return problem;
      const why = String(problem).split("\n").map((part) => part.trim())
        .filter((part) => part.startsWith("Type ")).at(-1);
      return new Problem(`${name} is not of the exercise's type${why ? `: ${why}` : ""}`, {
        path: attempt,
        line: exported.get(name) ?? 1,
      });
    });
  } finally {
    await Deno.remove(beside).catch(() => {});
  }
}
