// What a kata may import. Its types are everybody's; of the simulator's values it gets numbers, errors and pictures, and no
// machine: whoever can build one of any year can ask it the kata's own question, and hand on its answer.

import { dirname, join } from "@std/path";
import * as sim from "../../sim/mod.ts";
import { textAt } from "../tool/files.ts";
import type { Kata } from "./list.ts";
import { importsOf } from "./source.ts";

/** What a wrong fix may lean on, so that it holds what is wrong and nothing else. */
export const SOLUTION = "../solution.ts";

/** What a file is refused for before it is loaded; a wrong fix may name it as the test that rejects it. */
export const IMPORTING = "importing";

/** An attribute reads a file with no permission at all. */
const AS_TEXT = " with attributes";

/** What a suite, and what suites share, has beside the files of the project that it names. */
const PACKAGES = ["sim", "uvu", "uvu/assert", "uvu/diff"];

/** What is not to be loaded, and where it stands. */
export interface Refused {
  path: string;
  line: number;
  message: string;
}

/**
 * Why a kata's suite is not loaded: what it imports, and what that imports, is the simulator, uvu, what suites share and
 * the solution, and nothing else that lies about.
 */
export async function refusedSuite({ dir }: Pick<Kata, "dir">): Promise<Refused | undefined> {
  const paths = [`${dir}/test.ts`];
  for (const path of paths) {
    const source = await textAt(path).catch(() => ""); // its run says what is wrong with it
    for (const { specifier, line, attributes } of importsOf(source)) {
      const target = specifier.startsWith(".") ? join(dirname(path), specifier) : "";
      const known = PACKAGES.includes(specifier) || /^kata\/\w+\.ts$/.test(target) ||
        target === `${dir}/solution.ts`;
      if (!known || attributes) {
        const what = specifier ? `"${specifier}"${attributes ? AS_TEXT : ""}` : "a computed name";
        const message = `it imports ${what}: a suite imports from "sim", uvu and what katas share`;
        return { path, line, message };
      }
      if (target === `${dir}/solution.ts`) {
        const refused = refusedImport(await textAt(target).catch(() => ""), "solution.ts");
        if (refused) return { path: target, ...refused };
      } else if (target && !paths.includes(target)) paths.push(target);
    }
  }
}

/** Functions that draw what they are given, and know no rule. */
const PICTURES = ["frames", "framesText", "maps"];

/** Why a file of a kata is not run, and where it says so; undefined where it may be. */
export function refusedImport(
  source: string,
  file: string,
): { message: string; line: number } | undefined {
  const known = file.startsWith("wrong/") ? ["sim", SOLUTION] : ["sim"];
  for (const { specifier, line, names, attributes } of importsOf(source)) {
    if (!known.includes(specifier) || attributes) {
      const what = specifier ? `"${specifier}"${attributes ? AS_TEXT : ""}` : "a computed name";
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
