/**
 * Scenes: small programs in data that the machine runs and that a real kernel can run, a line in, a line out.
 *
 * `P0 w a0 5` is done by process 0, `* gr 0 0` by the world outside. Regions are letters, pages are counted in them, and
 * one byte of a page is read or written, the first unless it is named: `a0+64`. `stage.ts` has the operations. One that the machine does not have is answered
 * `unavailable`, never guessed.
 *
 * Between `race` and `end` several are at work at once, each by its letter: `A: P0 fork P1`, `B: P0 pin a0 1 0 fast`, where
 * `fast` asks for a pin by gup-fast. `explore.ts` runs such a race in every order.
 *
 * @module
 */

import type { Event } from "../event.ts";
import type { Release } from "../releases.ts";
import { Race, type Racer } from "./race.ts";
import { type Asked, readLine } from "./line.ts";
import { Translations } from "./spurious.ts";
import { Stage, UNAVAILABLE } from "./stage.ts";

export { UNAVAILABLE };

/** A line of a scene is no operation. */
export class SceneError extends Error {
  /** The class, for messages. */
  override name = "SceneError";
  /** Which of the scene's lines it is, counted from 0. */
  readonly at: number;

  /** Names the line. */
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Runs a scene as a kernel would.
 *
 * A race is run by the schedule that stands behind `race`, and where that ends or there is none, A goes on while it can,
 * then B. The answer to its `race` is the schedule that was run, a letter a step; the answer to its `end` the order in which
 * its operations ended, a letter each. Between the two each answer stands at the line of its operation.
 *
 * @param lines the operations, without the `=== name` that begins a scene
 * @returns an answer for each line
 * @throws SceneError for a line that is no operation, and for a schedule that cannot be run
 * @throws KernelBug for a race that ends in a deadlock, or breaks an invariant
 */
export function runScene(lines: readonly string[], release: Release): string[] {
  return playScene(lines, release).answers;
}

/** A scene that was run. */
export interface Played {
  /** An answer to each line. */
  readonly answers: string[];
  /** All that happened. */
  readonly trace: readonly Event[];
  /** The lines whose fault count no page table decides, as in {@linkcode Translations}; of a race none is known. */
  readonly undecided: ReadonlySet<number>;
}

/** As {@linkcode runScene}, with all that happened on the way. */
export function playScene(lines: readonly string[], release: Release): Played {
  const stage = new Stage(release), { machine } = stage, translations = new Translations();
  const answers: string[] = [], undecided = new Set<number>();
  for (const part of readScene(lines)) {
    if (!isRace(part)) {
      const from = machine.trace.length;
      answers[part.at] = stage.run(part);
      if (translations.take(machine, from)) undecided.add(part.at);
    } else {
      const race = new Race(stage.machine, racersOf(stage, part));
      followSchedule(race, part);
      race.finish();
      raceAnswers(race, part, answers);
    }
  }
  return { answers, trace: machine.trace, undecided };
}

/** The answers to the lines of a race that is over. */
export function raceAnswers(race: Race, block: RaceBlock, answers: string[]): void {
  answers[block.at] = race.schedule;
  for (const [at, answer] of race.answers) answers[at] = answer;
  answers[block.end] = race.ended;
}

/** Takes the steps of a schedule. @throws SceneError at the line of `race` when one cannot be taken */
export function followSchedule(
  race: Race,
  { schedule, at }: Pick<RaceBlock, "schedule" | "at">,
): void {
  try {
    for (const letter of schedule) race.step(letter);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SceneError(`the schedule ${schedule} cannot be run: ${error.message}`, at);
  }
}

/** One operation of a scene. */
export interface Operation extends Asked {
  /** Which of the scene's lines it is, counted from 0. */
  readonly at: number;
}

/** The lines from `race` to `end`. */
export interface RaceBlock {
  /** Where `race` and `end` stand. */
  readonly at: number;
  readonly end: number;
  /** The one that stands behind `race`; empty when there is none. */
  readonly schedule: string;
  /** What each letter does, in order; the letters in the order of the alphabet. */
  readonly letters: ReadonlyMap<string, readonly Operation[]>;
}

/** Is this part of a scene a race? */
export function isRace(part: Operation | RaceBlock): part is RaceBlock {
  return "letters" in part;
}

/** A scene's operations and races, in order. @throws SceneError for a line that is none, a race that is not written as one */
export function readScene(lines: readonly string[]): (Operation | RaceBlock)[] {
  const parts: (Operation | RaceBlock)[] = [];
  for (let at = 0; at < lines.length; at++) {
    const words = lines[at]!.trim().split(/\s+/);
    if (words[0] === "race") parts.push(readRace(lines, at, words.slice(1)));
    else if (words[0] === "end") throw new SceneError("there is no race that could end here", at);
    else parts.push(operationOf(words, at, ""));
    const last = parts.at(-1)!;
    if (isRace(last)) at = last.end;
  }
  return parts;
}

function readRace(lines: readonly string[], at: number, words: readonly string[]): RaceBlock {
  const end = lines.findIndex((line, i) => i > at && line.trim() === "end");
  if (end === -1) throw new SceneError("this race has no end", at);
  const [schedule = "", more] = words;
  if (more !== undefined || !/^[A-Z]*$/.test(schedule)) {
    throw new SceneError(
      `behind race stands a schedule such as AABAB, not "${words.join(" ")}"`,
      at,
    );
  }
  const letters = new Map<string, Operation[]>();
  for (let i = at + 1; i < end; i++) {
    const [, letter, rest] = lines[i]!.trim().match(/^([A-Z]):\s*(.*)$/) ?? [];
    if (!letter) throw new SceneError("in a race a line begins with a letter, such as A:", i);
    letters.set(letter, [
      ...letters.get(letter) ?? [],
      operationOf(rest!.split(/\s+/), i, `${letter}: `),
    ]);
  }
  if (letters.size === 0) throw new SceneError("nobody runs in this race", at);
  const sorted = [...letters.keys()].sort().map((letter) =>
    [letter, letters.get(letter)!] as const
  );
  return { at, end, schedule, letters: new Map(sorted) };
}

function operationOf(words: readonly string[], at: number, letter: string): Operation {
  const line = words.join(" ");
  try {
    return { at, ...readLine(line, letter + line) };
  } catch (error) {
    if (error instanceof SyntaxError) throw new SceneError(error.message, at);
    throw error;
  }
}

/** The operations of a race, to be run on a stage. */
export function racersOf(stage: Stage, { letters }: RaceBlock): Map<string, Racer[]> {
  const racers = new Map<string, Racer[]>();
  for (const [letter, operations] of letters) {
    racers.set(
      letter,
      operations.map((operation) => {
        const { at, text } = operation;
        return { at, text, start: () => stage.operation(operation) };
      }),
    );
  }
  return racers;
}

/** An operation of a scene and an answer to it, which a line of its file names: `# loses: * gr 0 0 -> =1`. */
export interface Answered {
  /** The operation, as it stands in the scene. */
  readonly line: string;
  /** What it is answered; in `keeps` and `hides` without the number of faults. */
  readonly answer: string;
}

/** A scene and its name, which stands in its file as `=== name`. */
export interface Scene {
  /** Empty for the lines before the first name. */
  readonly name: string;
  /** The operations. */
  readonly lines: readonly string[];
  /** The line of each in its file, counted from 1. */
  readonly places: readonly number[];
  /** What must not be answered, whatever the schedule; without any, only a broken invariant and a deadlock are losses. */
  readonly loses?: readonly Answered[];
  /** What is right: who reads at the end must read this. */
  readonly keeps?: readonly Answered[];
  /** And what is wrong: who reads at the end must not read this. */
  readonly hides?: readonly Answered[];
}

/** The lines that say of a scene what is right and what is wrong. */
const RULES = ["loses", "keeps", "hides"] as const;
const RULE = new RegExp(`^#\\s*(${RULES.join("|")}):\\s*(.*?)\\s*->\\s*(.*)$`);

/**
 * Cuts a file into its scenes. Empty lines and lines that begin with `#` are left out, but `# loses: LINE -> ANSWER`,
 * `# keeps: …` and `# hides: …` are read: to whoever only runs the scene they are comments.
 */
export function parseScenes(text: string): Scene[] {
  type Rules = { [K in typeof RULES[number]]?: Answered[] };
  const scenes: ({ name: string; lines: string[]; places: number[] } & Rules)[] = [];
  const present = () =>
    scenes.at(-1) ?? scenes[scenes.push({ name: "", lines: [], places: [] }) - 1]!;
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.trim(), name = line.match(/^===\s*(.*)$/)?.[1];
    const [, rule, asked, answer] = line.match(RULE) ?? [];
    if (name !== undefined) scenes.push({ name, lines: [], places: [] });
    else if (asked && answer) (present()[rule as keyof Rules] ??= []).push({ line: asked, answer });
    else if (line !== "" && !line.startsWith("#")) {
      present().lines.push(line);
      present().places.push(at + 1);
    }
  }
  return scenes;
}

/** The text of a file of scenes, which {@linkcode parseScenes} cuts again. */
export function printScenes(scenes: readonly Omit<Scene, "places">[]): string {
  return scenes.map((scene) => {
    const rules = RULES.flatMap((rule) =>
      (scene[rule] ?? []).map(({ line, answer }) => `# ${rule}: ${line} -> ${answer}`)
    );
    return `${[`=== ${scene.name}`.trimEnd(), ...rules, ...scene.lines].join("\n")}\n`;
  }).join("\n");
}
