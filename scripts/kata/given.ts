// What a kata may import. Its types are everybody's; of the simulator's values it gets numbers, errors and pictures, and no
// machine: whoever can build one of any year can ask it the kata's own question, and hand on its answer.

import * as sim from "../../sim/mod.ts";
import { importsOf } from "./source.ts";

/** What a wrong fix may lean on, so that it holds what is wrong and nothing else. */
export const SOLUTION = "../solution.ts";

/** What a file is refused for before it is loaded; a wrong fix may name it as the test that rejects it. */
export const IMPORTING = "importing";

/** Functions that draw what they are given, and know no rule. */
const PICTURES = ["frames", "maps"];

/** Why a file of a kata is not run, and where it says so; undefined where it may be. */
export function refusedImport(
  source: string,
  file: string,
): { message: string; line: number } | undefined {
  const known = file.startsWith("wrong/") ? ["sim", SOLUTION] : ["sim"];
  for (const { specifier, line, names } of importsOf(source)) {
    if (!known.includes(specifier)) {
      const what = specifier ? `"${specifier}"` : "a computed name";
      return { message: `it imports ${what}: a kata imports from "sim" only`, line };
    }
    if (specifier !== "sim") continue;
    if (names.includes("*")) {
      return {
        message: `it imports all of "sim": name what you need, import { PAGE_SIZE } from "sim"`,
        line,
      };
    }
    const answer = names.find((name) => name in sim && !isGiven(name));
    if (answer) {
      const given = "types, constants and errors; the answer is to be yours";
      return {
        message: `it imports ${answer}, a machine that knows the answer: a kata gets ${given}`,
        line,
      };
    }
  }
}

function isGiven(name: string): boolean {
  const value: unknown = sim[name as keyof typeof sim];
  return ["number", "string"].includes(typeof value) || PICTURES.includes(name) ||
    value === sim.errnos ||
    typeof value === "function" && value.prototype instanceof Error;
}
