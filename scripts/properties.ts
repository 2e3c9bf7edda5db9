// `deno task properties`: random scenes on every kernel of the machine. No invariant may break, the answers must be the
// same twice, and what memory holds must be what a model without frames, page tables or eras says.

import { eras, printScenes } from "../sim/mod.ts";
import { oneOf, readArguments, wholeNumber } from "./tool/args.ts";
import { main, Problem } from "./tool/problem.ts";
import { type Found, kernelsOf, search } from "./properties/check.ts";
import { say, setUpColors, status } from "./tool/terminal.ts";
import { plural } from "./tool/text.ts";

const help = `deno task properties           2,000 random scenes on every kernel
deno task properties --era E   only on the kernels of one era

--count N         how many scenes, 2000 unless told
--operations N    how many lines each has, 30 unless told
--seed S          the scenes of an earlier run
--path P          with --seed, the one that was found there

No invariant breaks, and memory holds what it must. The eras are ${
  eras.map(({ name }) => name).join(", ")
}.

A scene that breaks something is made as short as it goes and printed as text for deno task scene.`;

/** Runs the task: 1 when something broke. */
// deno-lint-ignore require-await
export async function properties(args: string[]): Promise<number> {
  setUpColors();
  const options = readArguments(args, {
    task: "properties",
    help,
    values: ["count", "seed", "path", "era", "operations"],
    words: 0,
  });
  if (!options) return 0;
  const { path, era } = options;
  const count = wholeNumber("count", options.count, { least: 1 }) ?? 2_000;
  const operations = wholeNumber("operations", options.operations, { least: 1 }) ?? 30;
  const seed = wholeNumber("seed", options.seed) ??
    crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000_000;
  if (path !== undefined && !/^\d+(?::\d+)*$/.test(path)) {
    throw new Problem(`--path takes numbers with colons between, not "${path}"`, {
      remedy: "Take it from the line that begins with `again:`",
    });
  }
  if (path !== undefined && options.seed === undefined) {
    throw new Problem("--path is worth nothing without --seed", {
      remedy: "Take both from the line that begins with `again:`",
    });
  }
  const kernels = kernelsOf(era && oneOf("era", era, eras.map(({ name }) => name)));
  const inEras = plural(new Set(kernels.map(({ era }) => era.name)).size, "era");
  say(`seed ${seed}`);
  const found = search({ count, operations, seed, path, kernels, progress: progressTo(count) });
  status("");
  const narrower = era === undefined ? "" : ` --era ${era}`;
  if (found) {
    say(...report(found, `--seed ${seed} --operations ${operations}${narrower}`));
    return 1;
  }
  const scenes = path === undefined ? plural(count, "scene") : "that one scene";
  say(`${scenes} of ${operations} operations in ${inEras}, no invariant broken`);
  return 0;
}

/** How far it is, on a terminal. */
function progressTo(count: number): (scene: number, broken: boolean) => void {
  return (scene, broken) => {
    if (scene % 100 === 0) status(broken ? "making it shorter" : `${scene} of ${count} scenes`);
  };
}

/** What is printed of a scene that breaks something; `flags` lead to it again, together with its path. */
export function report({ kernel, what, lines, path }: Found, flags: string): string[] {
  const { release, era } = kernel;
  const where = release === era.name ? era.name : `${era.name}, as in ${release}`;
  return [
    `error: a scene goes wrong in ${where}`,
    `  ${what}`,
    `  again: deno task properties ${flags} --path ${path}`,
    `  the scene: deno task scene FILE --kernel ${release}`,
    "",
    printScenes([{ name: `${release}, found by chance`, lines }]).trimEnd(),
  ];
}

if (import.meta.main) await main(() => properties(Deno.args));
