// `deno task scene FILE --kernel 6.1.176`: a file of scenes, answered by the machine as that kernel would.

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
import { located } from "./kernel/scenes.ts";
import { oneOf, readArguments } from "./tool/args.ts";
import { readFrom } from "./tool/here.ts";
import { kernelNamed, kernelNames } from "./tool/kernel_named.ts";
import { main, Problem } from "./tool/problem.ts";
import { operationsTable, README, withTable } from "./scene_table.ts";
import { say, setUpColors } from "./tool/terminal.ts";

const help = `deno task scene FILE… --kernel NAME    what a kernel would print for a file

--level LEVEL    what an observer sees of it: ${levels.join(", ")}
--operations     the table of all operations instead
--accept         writes that table into ${README}

NAME is a release, such as ${releases.map(({ release }) => release).join(", ")}, or an era: ${
  eras.map(({ name }) => name).join(", ")
}.

A scene begins with \`=== name\`; each line is an operation, such as \`P0 mmap a 1 priv\`, \`P0 w a0 5\`, \`P0 fork P1\`, \`* snap a0 1\`. What the machine lacks is \`unavailable\`.`;

/** Runs the task; returns the exit status. */
export async function scene(args: string[]): Promise<number> {
  setUpColors();
  const options = readArguments(args, {
    task: "scene",
    help,
    switches: ["operations", "accept"],
    values: ["kernel", "level"],
  });
  if (!options) return 0;
  if (options.operations || options.accept) return await table(options.accept), 0;
  const { words: files, kernel } = options;
  if (files.length === 0) throw new Problem("no file of scenes is named", { remedy: help });
  if (kernel === undefined) {
    throw new Problem("no kernel is named", { remedy: `--kernel ${kernelNames.join(", ")}` });
  }
  const release = kernelNamed(kernel), level = oneOf("level", options.level ?? "frames", levels);
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
