// What the kernel and the simulator answer differently: each made as small as it gets, told once, shown, and kept in a file
// that replays it.

import { join, relative } from "@std/path";
import { red } from "@std/fmt/colors";
import { fromHere } from "../tool/here.ts";
import { say, showProgress, status } from "../tool/terminal.ts";
import { plural } from "../tool/text.ts";
import { CACHE } from "./build.ts";
import type { Options } from "./options.ts";
import type { Probe } from "./probe.ts";
import { type Difference, type Outcome, smallest, type Versus } from "./replay.ts";
import { differenceFile, differenceLines } from "./report.ts";

/** How many differences are shown, and how long they are made smaller, all together, in milliseconds. */
const SHOWN = 8, SHRINK_MS = 20_000;

/** What differs, each as small as it gets, and those that come to the same as one. */
export async function differencesIn(
  outcomes: readonly Outcome[],
  probe: Probe,
  versus: Versus,
): Promise<Difference[]> {
  const differing = outcomes.filter(({ verdict }) => verdict.verdict === "differs");
  const found = new Map<string, Difference>();
  const end = performance.now() + SHRINK_MS;
  for (const [i, outcome] of differing.entries()) {
    showProgress(i, differing.length, "differences made smaller");
    const difference = await smallest(probe, outcome, versus, end);
    const key = [...difference.lines, difference.machine[difference.at]].join("\n");
    const before = found.get(key);
    found.set(
      key,
      before ? { ...before, scenes: [...before.scenes, outcome.scene.name] } : difference,
    );
  }
  status("");
  return [...found.values()].sort((a, b) => a.lines.length - b.lines.length);
}

/** Shows the shortest differences, each with the command that replays it. */
export async function sayDifferences(
  differences: readonly Difference[],
  options: Options,
  columns: number,
): Promise<void> {
  for (const [i, difference] of differences.slice(0, SHOWN).entries()) {
    say(
      ...differenceLines(difference, columns).map((line) =>
        line.startsWith(">") ? red(line) : line
      ),
    );
    say("", `  ${await replayCommand(difference, i + 1, options)}`, "");
  }
  if (differences.length > SHOWN) {
    say(`${plural(differences.length - SHOWN, "difference")} more: --json has them all.`, "");
  }
}

/** Writes a difference to a file, and says how to replay it from where the person stands. */
async function replayCommand(difference: Difference, n: number, options: Options): Promise<string> {
  const path = `${CACHE}/differs-${n}.scene`;
  await Deno.writeTextFile(path, differenceFile(difference));
  const file = relative(fromHere("."), join(Deno.cwd(), path));
  return [
    `deno task kernel --scenes ${file.includes(" ") ? `"${file}"` : file}`,
    ...options.settings ? ["--allow-settings"] : [],
    ...options.kernel ? ["--kernel", options.kernel] : [],
    ...options.level ? ["--level", options.level] : [],
  ].join(" ");
}
