// One learner at work: an attempt is run, told and kept; once, or on every save.

import { bold, dim } from "@std/fmt/colors";
import { markdownLines } from "../tool/markdown.ts";
import { Problem } from "../tool/problem.ts";
import { clearScreen, complain, readableColumns, say, status } from "../tool/terminal.ts";
import { paragraph, plural } from "../tool/text.ts";
import { begin } from "./attempt.ts";
import { attemptTypes } from "./attempt_types.ts";
import { findKata, type Kata } from "./list.ts";
import { lookUpLines } from "./look_up.ts";
import {
  entryOf,
  isFresh,
  isSolved,
  keyOf,
  readProgress,
  simHash,
  updateProgress,
} from "./progress.ts";
import type { Entry } from "./progress.ts";
import { runKata } from "./run.ts";
import { typeLines, verdictLines } from "./verdict_lines.ts";
import { watch } from "./watch.ts";

/** How far the learner is; verdicts that no longer hold are reached again. */
export interface Standing {
  entries: Map<string, Entry>;
  /** The slugs that have an attempt. */
  begun: Set<string>;
  /** The first kata, in order, that is not done. */
  next: Kata | undefined;
}

const noted = new Set<string>();

/** Says something beside the result, on standard error, and only once. */
export function note(text: string): void {
  if (noted.has(text)) return;
  noted.add(text);
  complain(`note: ${text}`);
}

/** How far the learner is in `katas`. */
export async function standing(katas: readonly Kata[]): Promise<Standing> {
  const sim = await simHash();
  const entries = await readProgress(note);
  const begun = new Set<string>();
  for (const kata of katas) {
    const key = await keyOf(kata, sim);
    const entry = entries.get(kata.slug);
    if (!key) {
      // Without an attempt there is no verdict; what was solved and which hints were seen stays.
      const { hints = 0 } = entry ?? {};
      const kept = { ...hints && { hints }, ...isSolved(entry) && { solved: true } };
      if (entry) entries.set(kata.slug, kept);
      continue;
    }
    begun.add(kata.slug);
    if (isFresh(entry, key)) continue;
    const verdict = await runKata(kata, "attempt.ts");
    entries.set(kata.slug, entryOf(entry ?? {}, key, verdict));
    await updateProgress(kata.slug, (kept) => entryOf(kept, key, verdict), note);
  }
  const next = katas.find((kata) => !isSolved(entries.get(kata.slug)));
  return { entries, begun, next };
}

/** Runs the learner's attempt, tells the verdict first and the types after it. @returns whether all is well */
export async function attempt(
  katas: readonly Kata[],
  kata: Kata,
  signal?: AbortSignal,
): Promise<boolean> {
  const width = readableColumns();
  const options = signal ? { signal } : {};
  const keying = simHash().then((sim) => keyOf(kata, sim));
  status(`${kata.slug} …`);
  const verdict = await runKata(kata, "attempt.ts", options);
  status("");
  if (signal?.aborted) return false;
  say(...verdictLines(verdict, width));
  const key = await keying;
  if (key) await updateProgress(kata.slug, (entry) => entryOf(entry, key, verdict), note);
  if (verdict.state === "broken") return false;

  status("  types: …");
  // The compiler would take the processor from the run; it only starts once the verdict is told.
  const types = await attemptTypes(kata, signal).catch(() => []);
  status("");
  if (signal?.aborted) return false;
  say(...typeLines(types, width));
  say("", ...await whatNext(katas, kata, verdict.state === "passed", width));
  return verdict.state === "passed" && types.length === 0;
}

/** What to do after a verdict: look at ours and go on, or take a hint. */
async function whatNext(
  katas: readonly Kata[],
  kata: Kata,
  passed: boolean,
  width: number,
): Promise<string[]> {
  if (passed) {
    const { next } = await standing(katas);
    return [
      ...command("Compare with ours, and read why:", `solution ${kata.slug}`, width),
      ...next ? command(`Next, ${next.title}:`, next.slug, width) : ["All katas are done."],
    ];
  }
  const seen = (await readProgress(note)).get(kata.slug)?.hints ?? 0;
  const left = kata.hints.length - seen;
  return left > 0
    ? command(`Stuck? ${plural(left, "hint")} left:`, `hint ${kata.slug}`, width)
    : command("Stuck? Ours beside yours:", `solution ${kata.slug}`, width);
}

/** A sentence and the command to type, beside it or below it. */
export function command(sentence: string, words: string, width: number): string[] {
  const typed = `deno task kata ${words}`;
  return sentence.length + typed.length + 1 <= width
    ? [`${sentence} ${typed}`]
    : [sentence, `  ${typed}`];
}

/** Begins a kata where that has not happened: says so, and what it is about. @returns whether it did */
export async function introduce(kata: Kata): Promise<boolean> {
  if (!await begin(kata)) return false;
  const width = readableColumns();
  say(
    ...markdownLines(kata.brief, `${kata.dir}/`, width),
    "",
    ...await lookUpLines(kata, width),
    ...paragraph(
      `${kata.dir}/attempt.ts is new, a copy of exercise.ts: this is the file to edit.`,
      width,
    ),
    ...command("To run it on every save:", `watch ${kata.slug}`, width),
    "",
  );
  return true;
}

/**
 * Runs a kata whenever its attempt is saved, until Ctrl-C. Enter runs the last one again.
 *
 * @param slug the only kata to watch; all of them without it, beginning with the next one to do
 */
export async function watchKatas(katas: readonly Kata[], slug?: string): Promise<void> {
  if (katas.length === 0) throw new Problem("there are no katas yet", { path: "kata" });
  const watched = slug === undefined ? katas : [findKata(katas, slug)];
  let current = slug === undefined ? (await standing(katas)).next ?? katas[0]! : watched[0]!;
  // What it is about is not wiped away by the first verdict.
  let wipe = !await introduce(current);

  const stop = new AbortController();
  const end = () => stop.abort();
  Deno.addSignalListener("SIGINT", end);
  Deno.addSignalListener("SIGTERM", end);
  let run = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  const start = () => {
    // A save while a run is on ends that run: what it would say is out of date.
    run.abort();
    run = new AbortController();
    const { signal } = run, kata = current;
    running = running.then(async () => {
      if (signal.aborted || stop.signal.aborted) return;
      if (wipe) clearScreen();
      wipe = true;
      say(...header(`${kata.dir}/attempt.ts`), "");
      await attempt(katas, kata, signal);
      if (!signal.aborted) say("", dim("Watching. Enter runs again, Ctrl-C ends."));
    });
    running.catch(end);
  };
  stop.signal.addEventListener("abort", () => run.abort());
  onEnter(start, stop.signal);
  start();
  await watch({
    dir: "kata",
    files: () =>
      Promise.resolve(watched.flatMap(({ dir }) => [`${dir}/attempt.ts`, `${dir}/exercise.ts`])),
    changed(path) {
      const kata = watched.find(({ dir }) => path.startsWith(`${dir}/`))!;
      if (path.endsWith("/exercise.ts")) {
        complain(`note: ${path} was saved, the pristine one; yours is ${kata.dir}/attempt.ts`);
        return;
      }
      current = kata;
      start();
    },
    gone(path) {
      if (path.endsWith("/exercise.ts")) return;
      if (path.startsWith(`${current.dir}/`)) run.abort();
      status("");
      say("", ...header(`${path} is gone: save it again, or end with Ctrl-C`));
    },
    silent: (why) =>
      note(
        `no reports of saved files (${why}): looking every quarter of a second instead; Enter runs at once`,
      ),
    signal: stop.signal,
  });
  await running;
}

/** When something happened, and what. */
function header(what: string): string[] {
  return paragraph(`${new Date().toTimeString().slice(0, 8)} ${what}`, readableColumns()).map(bold);
}

/** Calls back for every line that is typed, on a terminal. */
async function onEnter(typed: () => void, signal: AbortSignal): Promise<void> {
  if (!Deno.stdin.isTerminal()) return;
  for await (const _ of Deno.stdin.readable) {
    if (signal.aborted) return;
    typed();
  }
}
