// `deno task explore FILE`: every way in which the races of a file can go, and the shortest that loses, with its story.

import { bold, green, red } from "@std/fmt/colors";
import {
  eras,
  explore,
  EXPLORE_LIMIT,
  type Explored,
  type Release,
  releaseNamed,
  replay,
  type Replayed,
  story,
} from "../sim/mod.ts";
import { type FileScene, located, scenesOfFiles } from "./kernel/scenes.ts";
import { readArguments, wholeNumber } from "./tool/args.ts";
import { kernelNamed, kernelTitle } from "./tool/kernel_named.ts";
import { main, Problem } from "./tool/problem.ts";
import { say, setUpColors, status, terminalColumns } from "./tool/terminal.ts";
import { columnsOf, numbersTable, paragraph, plural } from "./tool/text.ts";

const HELP = `deno task explore FILE…    every order in which the races of a file can go

--kernel NAME        a release, such as 5.10.3 or 6.0, or an era; may be given
                     several times; all eras, unless told
--replay SCHEDULE    runs one schedule, AABAB, on one kernel; where it ends,
                     A goes on while it can, then B
--limit N            gives up after so many schedules, ${EXPLORE_LIMIT} unless told

The eras are ${eras.map(({ name }) => name).join(", ")}.

A race stands in a scene as

    race
    A: P0 fork P1
    B: P0 w a0 5
    end
    # loses: * gr 0 0 -> =1

What stands around it is not interrupted. A step goes to the next place where somebody else may run; a schedule has a letter for each. It loses when an invariant breaks, when nobody can go on, or when a line is answered as \`# loses: LINE -> ANSWER\` says, which to other tasks is a comment.`;

/** Runs the task; returns the exit status. */
export async function exploreTask(args: string[]): Promise<number> {
  setUpColors();
  const options = readArguments(args, {
    task: "explore",
    help: HELP,
    values: ["replay", "limit"],
    lists: ["kernel"],
    bare: ["replay"],
  });
  if (!options) return 0;
  const { words: files, replay: schedule } = options;
  if (files.length === 0) {
    throw new Problem("no file of scenes is named", {
      remedy: "Such as: deno task explore sim/scenes/races/r1.scene",
    });
  }
  const named = options.kernel.map(kernelNamed);
  const limit = wholeNumber("limit", options.limit, { least: 1 }) ?? EXPLORE_LIMIT;
  const scenes = await scenesOfFiles(files);
  if (schedule !== undefined) {
    const [scene, release] = [onlyOne(scenes, "scene"), onlyOne(named, "--kernel")];
    say(...replayLines(scene, release, scheduleOf(schedule)));
    return 0;
  }
  for (const scene of scenes) {
    const [release] = named;
    if (release && named.length === 1) say(...exploreLines(scene, release, limit));
    else say(...tableLines(scene, named.length ? named : allEras(), limit));
  }
  return 0;
}

function allEras(): Release[] {
  return eras.map(({ name }) => releaseNamed(name));
}

function scheduleOf(text: string): string {
  if (/^[A-Z]*$/.test(text)) return text;
  throw new Problem(`--replay takes letters, not "${text}"`, { remedy: "Such as --replay AABAB" });
}

function onlyOne<T>(list: readonly T[], what: string): T {
  const [one] = list;
  if (one !== undefined && list.length === 1) return one;
  const many = list.length === 0 ? `no ${what}` : `${list.length} of ${what}`;
  throw new Problem(`--replay runs one scene on one kernel, and there is ${many}`, {
    remedy: "Such as: deno task explore sim/scenes/races/r5.scene --kernel 5.10.3 --replay ABBBAA",
  });
}

/** One race on several kernels. */
function tableLines(scene: FileScene, kernels: readonly Release[], limit: number): string[] {
  const found = kernels.map((release) => run(scene, release, limit));
  const rows = found.map(({ schedules, failing, shortest, complete }, i) => [
    kernelTitle(kernels[i]!),
    `${complete ? "" : "over "}${schedules}`,
    String(failing),
    shortest ?? "",
  ]);
  const table = numbersTable(["kernel", "schedules", "losing", "shortest"], rows);
  const fits = table.every((line) => columnsOf(line) <= terminalColumns());
  const lines = fits ? table : rows.map((row) => row.join(" "));
  const cut = found.some(({ complete }) => !complete) ? limitLines(limit) : [];
  return [`=== ${scene.name}`, ...lines, ...cut, ""];
}

/** One race on one kernel: what came of it, and the story of the shortest schedule that loses. */
function exploreLines(scene: FileScene, release: Release, limit: number): string[] {
  const found = run(scene, release, limit), columns = terminalColumns();
  const { schedules, failing, shortest, outcomes } = found;
  const lines = [bold(`=== ${scene.name}, ${kernelTitle(release)}`)];
  lines.push(
    `${plural(schedules, "schedule")}, ${
      failing === 0 ? green("none loses") : red(`${failing} lose`)
    }`,
  );
  if (!found.complete) lines.push(...limitLines(limit));
  lines.push("", ...outcomeLines(scene, outcomes, columns));
  if (shortest === undefined) return [...lines, ""];
  lines.push("", ...storyLines(replay(scene, release, shortest), columns));
  lines.push(...paragraph(`It loses: ${found.why}`, columns).map(red));
  const again = `deno task explore ${
    shown(scene.path)
  } --kernel ${release.release} --replay ${shortest}`;
  return [...lines, "", "Replay it:", `  ${again}`, ""];
}

function replayLines(scene: FileScene, release: Release, schedule: string): string[] {
  const replayed = located(scene, () => replay(scene, release, schedule));
  const { answers, why } = replayed, columns = terminalColumns();
  const told = (answers ?? []).flatMap((answer, at) =>
    paragraph(`${scene.lines[at]} -> ${answer}`, columns, "  ")
  );
  return [
    bold(`=== ${scene.name}, ${kernelTitle(release)}`),
    ...storyLines(replayed, columns),
    "",
    ...told,
    ...paragraph(why === undefined ? "It does not lose." : `It loses: ${why}`, columns)
      .map(why === undefined ? green : red),
  ];
}

/** The answers in which the outcomes differ, with how many schedules came to each. */
function outcomeLines(
  { lines }: FileScene,
  outcomes: Explored["outcomes"],
  columns: number,
): string[] {
  const operations = lines.slice(lines.findIndex((line) => /^race\b/.test(line)) + 1)
    .filter((line) => line !== "end");
  const told = operations.flatMap((_, i) => {
    const answers = new Set(
      outcomes.filter(({ answers }) => answers.length).map(({ answers }) => answers[i]),
    );
    return answers.size > 1 ? [i] : [];
  });
  return outcomes.flatMap(({ answers, why, schedules }) => {
    const differs = answers.length === 0
      ? [why!]
      : told.length === 0
      ? ["every answer is the same"]
      : told.map((i) => `${operations[i]} -> ${answers[i]}`);
    const mark = why === undefined ? "" : schedules === 1 ? " loses" : " lose";
    const said = `${plural(schedules, "schedule")}${mark}: ${differs.join("; ")}`;
    return paragraph(said, columns);
  });
}

/** A line for each step, folded where it is too long. */
function storyLines(replayed: Replayed, columns: number): string[] {
  const told = story(replayed), digits = String(told.length).length;
  return told.flatMap(({ letter, operation, said, answer }, i) => {
    const what = [operation, said.join("; ")].filter((part) => part).join(": ") || "goes on";
    const ended = answer === undefined ? "" : ` -> ${answer}`;
    const head = `${String(i + 1).padStart(digits)} ${letter} `;
    const lines = paragraph(what + ended, columns - head.length);
    return lines.map((line, i) => (i === 0 ? head : " ".repeat(head.length)) + line);
  });
}

function limitLines(limit: number): string[] {
  return paragraph(
    `The limit of ${limit} schedules was reached: of the others nothing is known. --limit ${
      limit * 10
    } goes further.`,
    terminalColumns(),
  );
}

function run(scene: FileScene, release: Release, limit: number): Explored {
  const progress = (schedules: number) =>
    status(`${scene.name}, ${kernelTitle(release)}: ${schedules} schedules`);
  try {
    return located(scene, () => explore(scene, release, { limit, progress }));
  } finally {
    status("");
  }
}

/** A path as a shell takes it. */
function shown(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

if (import.meta.main) await main(() => exploreTask(Deno.args));
