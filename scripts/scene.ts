// `deno task scene FILE --kernel 6.1.176`: a file of scenes, answered by the machine as that kernel would.

import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl } from "@std/path";
import {
  atLevel,
  eras,
  type Level,
  levels,
  parseScenes,
  type Release,
  releases,
  runScene,
  type Scene,
} from "../sim/mod.ts";
import { located, readFrom } from "./kernel/scenes.ts";
import { didYouMean } from "./tool/nearest.ts";
import { kernelNamed } from "./tool/kernel_named.ts";
import { main, Problem } from "./tool/problem.ts";
import { operationsTable, README, withTable } from "./scene_table.ts";
import { say } from "./tool/terminal.ts";

const help =
  `deno task scene FILE… --kernel NAME    what a kernel would print for the scenes of a file

NAME is a release (${releases.map(({ release }) => release).join(", ")})
or an era (${eras.map(({ name }) => name).join(", ")}).

A scene begins with \`=== name\`; each line is an operation, such as \`P0 mmap a 1 priv\`,
\`P0 w a0 5\`, \`P0 fork P1\`, \`* snap a0 1\`. What the machine lacks is \`unavailable\`.

--level LEVEL    what an observer sees of it: ${levels.join(", ")} (all, unless told)
--operations     the table of all operations instead; with --accept it is written to ${README}`;

/** Runs the task; returns the exit status. */
export async function scene(args: string[]): Promise<number> {
  const options = parseArgs(args, {
    boolean: ["help", "operations", "accept"],
    string: ["kernel", "level", "_"],
    alias: { h: "help" },
    unknown: (arg) => {
      if (!arg.startsWith("-")) return;
      throw new Problem(`there is no ${arg}`, {
        remedy: "`deno task scene --help` lists the flags",
      });
    },
  });
  if (options.help) return say(help), 0;
  if (options.operations || options.accept) return await table(Boolean(options.accept)), 0;
  const files = options._.map(String);
  if (files.length === 0) throw new Problem("no file of scenes is named", { remedy: help });
  const release = kernelNamed(String(options.kernel ?? ""));
  const level = levelNamed(String(options.level ?? "frames"));
  for (const file of files) {
    for (const one of parseScenes(await readFrom(file))) answer(one, file, release, level);
  }
  return 0;
}

/** Prints the table of operations, or writes it where it belongs. */
async function table(accept: boolean): Promise<void> {
  if (!accept) return say(operationsTable());
  const path = fromFileUrl(new URL(`../${README}`, import.meta.url));
  await Deno.writeTextFile(path, withTable(await Deno.readTextFile(path), README));
}

function levelNamed(name: string): Level {
  const level = levels.find((one) => one === name);
  if (level) return level;
  throw new Problem(`there is no level "${name}"`, { remedy: didYouMean(name, levels) });
}

function answer(
  { name, lines, places }: Scene,
  path: string,
  release: Release,
  level: Level,
): void {
  const answers = located({ path, lines, places }, () => runScene(lines, release));
  const told = lines.map((line, at) => `${line} -> ${atLevel(answers[at]!, level)}`);
  say(...name ? [`=== ${name}`] : [], ...told);
}

if (import.meta.main) await main(() => scene(Deno.args));
