// `deno task properties`: random scenes on every kernel of the machine. No invariant may break, the answers must be the
// same twice, and what memory holds must be what a model without frames, page tables or eras says.

import { parseArgs } from "@std/cli/parse-args";
import { setColorEnabled } from "@std/fmt/colors";
import { eras, printScenes } from "../sim/mod.ts";
import { columns, helpLines } from "./kata/show.ts";
import { didYouMean } from "./tool/nearest.ts";
import { main, Problem } from "./tool/problem.ts";
import { type Found, kernelsOf, search } from "./properties/check.ts";
import { say } from "./tool/terminal.ts";
import { plural } from "./tool/text.ts";

const help =
  `deno task properties           2,000 random scenes on every kernel: no invariant breaks, and memory holds what it must
deno task properties --era E   only on the kernels of one era

--count N         how many scenes, 2000 unless told
--operations N    how many lines each has, 30 unless told
--seed S          the scenes of an earlier run
--path P          with --seed, the one that was found there
--era E           ${eras.map(({ name }) => name).join(", ")}

A scene that breaks something is made as short as it goes and printed as text for deno task scene.`;

/** Runs the task: 1 when something broke. */
// deno-lint-ignore require-await
export async function properties(args: string[]): Promise<number> {
  setColorEnabled(!Deno.noColor && Deno.stdout.isTerminal());
  const options = parseArgs(args, {
    boolean: ["help"],
    string: ["count", "seed", "path", "era", "operations"],
    alias: { h: "help" },
    unknown: (arg) => {
      throw new Problem(`"${arg}" is not known`, {
        remedy: didYouMean(arg, ["--count", "--seed", "--path", "--era", "--operations"]),
      });
    },
  });
  if (options.help) return say(...helpLines(help, columns())), 0;
  const count = numberOf(options, "count", 2_000), operations = numberOf(options, "operations", 30);
  const seed = numberOf(
    options,
    "seed",
    crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000_000,
  );
  const path = options.path === undefined ? undefined : String(options.path);
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
  const kernels = kernelsOf(eraNamed(options.era));
  const inEras = plural(new Set(kernels.map(({ era }) => era.name)).size, "era");
  say(`seed ${seed}`);
  const found = search({ count, operations, seed, path, kernels, progress: progressTo(count) });
  clearLine();
  const narrower = options.era === undefined ? "" : ` --era ${options.era}`;
  if (found) {
    say(...report(found, `--seed ${seed} --operations ${operations}${narrower}`));
    return 1;
  }
  const scenes = path === undefined ? plural(count, "scene") : "that one scene";
  say(`${scenes} of ${operations} operations in ${inEras}, no invariant broken`);
  return 0;
}

function numberOf(options: Record<string, unknown>, name: string, otherwise: number): number {
  const text = options[name];
  if (text === undefined) return otherwise;
  const value = /^\d{1,9}$/.test(String(text)) ? Number(text) : NaN;
  if (value > 0 || name === "seed" && value === 0) return value;
  throw new Problem(`--${name} takes a whole number above 0, not "${text}"`, {
    remedy: "deno task properties --help",
  });
}

/** An era's name as it was typed; undefined for all. */
function eraNamed(typed: unknown): string | undefined {
  if (typed === undefined) return undefined;
  const names = eras.map(({ name }) => name);
  if (names.includes(String(typed))) return String(typed);
  throw new Problem(`no era is named "${typed}"`, { remedy: didYouMean(String(typed), names) });
}

/** How far it is, on a terminal. */
function progressTo(count: number): (scene: number, broken: boolean) => void {
  if (!Deno.stderr.isTerminal()) return () => {};
  return (scene, broken) => {
    if (scene % 100 !== 0) return;
    write(`\r\x1b[K${broken ? "making it shorter" : `${scene} of ${count} scenes`}`);
  };
}

function clearLine(): void {
  if (Deno.stderr.isTerminal()) write("\r\x1b[K");
}

function write(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
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
