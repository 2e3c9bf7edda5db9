// `deno task kata`: the exercises. Lists them, runs the learner's attempt, gives hints one at a time, keeps what the
// learner wrote, and proves (`--check`) that every suite rejects what it should.

import { bold, green, red } from "@std/fmt/colors";
import { lines as diff } from "uvu/diff";
import { bringAlong, reset } from "./kata/attempt.ts";
import { checkKatas } from "./kata/check.ts";
import { findKata, type Kata, katasNamed, loadKatas, readPart } from "./kata/list.ts";
import { mergedLines, readLearners } from "./kata/merge.ts";
import { type Entry, isSolved, readProgress, updateProgress } from "./kata/progress.ts";
import { attempt, command, introduce, note, standing, watchKatas } from "./kata/session.ts";
import { listLines } from "./kata/verdict_lines.ts";
import { readArguments } from "./tool/args.ts";
import { textAt, unlessMissing } from "./tool/files.ts";
import { markdownLines } from "./tool/markdown.ts";
import { main, Problem } from "./tool/problem.ts";
import {
  complain,
  readableColumns,
  say,
  setUpColors,
  status,
  withoutDeno,
} from "./tool/terminal.ts";
import { paragraph } from "./tool/text.ts";

const HELP = `deno task kata [list]           the katas, how far you are, the next one to do
deno task kata SLUG             run your attempt; the first time, begin one
deno task kata 00               the same for chapter 00, or its list
deno task kata watch [SLUG]     run on every save
deno task kata hint SLUG        one hint more
deno task kata reset SLUG       keep your attempt aside and begin again
deno task kata solution SLUG    ours beside yours
deno task kata merge FILE…      several .progress.json, a team's, as one table
deno task kata --check          prove all katas, whatever you did (for CI)`;

const COMMANDS = ["watch", "hint", "reset", "solution", "merge"];
/** What may be meant by a word that is nothing; never what sets work aside. */
const GUESSES = ["list", ...COMMANDS.filter((command) => command !== "reset")];

/** Runs the task; returns the exit status. */
export async function kata(given: string[]): Promise<number> {
  setUpColors();
  const args = readArguments(given, { task: "kata", help: HELP, switches: ["check"] });
  if (!args) return 0;
  const katas = await loadKatas();
  const { words } = args;
  if (args.check) return expectWords(words, 0), await check(katas);
  await bringAlong(katas);
  if (words.length === 0 || words.length === 1 && words[0] === "list") {
    return await list(katas, "Katas");
  }

  const [first, name] = words as [string, ...string[]];
  if (first === "watch") {
    expectWords(words, 2);
    return await watchKatas(katas, name), 0;
  }
  if (first === "merge") return await merge(katas, words.slice(1));
  if (COMMANDS.includes(first)) {
    expectWords(words, 2);
    if (name === undefined) {
      const example = (await standing(katas)).next ?? katas[0];
      throw new Problem(`${first} wants a kata`, {
        remedy: example ? `deno task kata ${first} ${example.slug}` : "There are no katas yet",
      });
    }
    const kata = findKata(katas, name);
    if (first === "hint") return await hint(kata);
    if (first === "reset") return await begin(kata);
    return await solution(kata);
  }
  const named = katasNamed(katas, first);
  if (named.length > 1 && words.length === 1) {
    return await list(named, `Katas of chapter ${named[0]!.chapter}`);
  }
  const kata = findKata(katas, first, GUESSES);
  expectWords(words, 1);
  const begun = await introduce(kata);
  const passed = await attempt(katas, kata);
  if (begun) say(...withoutDeno(readableColumns()));
  return passed ? 0 : 1;
}

function expectWords(words: readonly string[], most: number): void {
  if (words.length <= most) return;
  throw new Problem(`"${words[most]}" is one word too many`, { remedy: "deno task kata --help" });
}

function done(lines: readonly string[]): number {
  say(...lines);
  return 0;
}

async function list(katas: readonly Kata[], heading: string): Promise<number> {
  if (katas.length === 0) return done(["There are no katas yet."]);
  const width = readableColumns();
  const { entries, begun, next } = await standing(katas);
  const finished = katas.filter(({ slug }) => isSolved(entries.get(slug))).length;
  return done([
    bold(`${heading}: ${finished} of ${katas.length} done`),
    "",
    ...listLines(katas, entries, begun, width),
    "",
    ...next ? command(`Next, ${next.title}:`, next.slug, width) : ["All of them are done."],
    ...withoutDeno(width),
  ]);
}

/** One tier more each time; the earlier ones stay. */
async function hint(kata: Kata): Promise<number> {
  const width = readableColumns();
  const one = (entry: Entry) => Math.min((entry.hints ?? 0) + 1, kata.hints.length);
  const { hints: seen = 0 } = await updateProgress(
    kata.slug,
    (entry) => ({ ...entry, hints: one(entry) }),
    note,
  );
  const left = kata.hints.length - seen;
  return done([
    ...kata.hints.slice(0, seen).flatMap((text, i) => [
      bold(`Hint ${i + 1} of ${kata.hints.length}`),
      ...markdownLines(text, `${kata.dir}/`, width),
      "",
    ]),
    ...left > 0
      ? command(`${left} more:`, `hint ${kata.slug}`, width)
      : command("That was the last. Ours beside yours:", `solution ${kata.slug}`, width),
  ]);
}

async function begin(kata: Kata): Promise<number> {
  const kept = await reset(kata);
  const width = readableColumns();
  const path = `${kata.dir}/attempt.ts`;
  if (!kept) {
    return done(paragraph(`${path} is the exercise as it was: nothing to set aside.`, width));
  }
  return done([
    ...paragraph(`Your attempt is kept as ${kept}.`, width),
    ...paragraph(`${path} is the exercise again.`, width),
  ]);
}

/** A team's progress as one table. */
async function merge(katas: readonly Kata[], files: readonly string[]): Promise<number> {
  if (files.length === 0) {
    throw new Problem("merge wants files of progress", {
      remedy: "deno task kata merge anna.json ben/.progress.json",
    });
  }
  return done(await mergedLines(katas, await readLearners(files), readableColumns()));
}

/** Ours beside yours, line by line; the comments in ours say why. It is for those who have tried. */
async function solution(kata: Kata): Promise<number> {
  const entry = (await readProgress(note)).get(kata.slug);
  if (!entry?.state && !isSolved(entry)) {
    throw new Problem("the solution is shown after your first run", {
      remedy: `deno task kata ${kata.slug}`,
    });
  }
  const path = `${kata.dir}/solution.ts`;
  const ours = await readPart(path);
  const yours = await unlessMissing(textAt(`${kata.dir}/attempt.ts`));
  if (yours === undefined) return done([bold(path), "", ours.trimEnd()]);
  if (yours === ours) return done(["Yours is ours, to the letter."]);
  return done([bold(`- yours, + ours (${path})`), "", ...diffLines(yours, ours)]);
}

/** uvu's diff, without the colours, dots and arrows that it draws for what cannot be seen. */
function diffLines(yours: string, ours: string): string[] {
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
  return diff(yours, ours).replaceAll(escapes, "").split("\n")
    .filter((line) => /^(--|\+\+|··)/.test(line))
    .map((line) => {
      const text = `${line[0]} ${line.slice(2).replace("↵", "").replaceAll("·", " ")}`.trimEnd();
      return line.startsWith("--")
        ? red(text)
        : line.startsWith("++")
        ? green(text)
        : text.replace("·", " ");
    });
}

async function check(katas: readonly Kata[]): Promise<number> {
  let finished = 0;
  status(`0 of ${katas.length} katas proved`);
  const { passed, problems } = await checkKatas(katas, ({ slug }) => {
    status(`${++finished} of ${katas.length} katas proved: ${slug}`);
  });
  status("");
  complain(...problems.map(String));
  say(`${passed} passed, ${problems.length} failed`);
  return problems.length === 0 ? 0 : 1;
}

if (import.meta.main) await main(() => kata(Deno.args));
