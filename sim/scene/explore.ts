/**
 * Every way in which a race can go. {@linkcode explore} runs each schedule of a scene's race from its beginning, since a
 * path that was interrupted cannot be copied; invariants are checked wherever no lock is held. {@linkcode replay} runs
 * one schedule again and tells its story.
 *
 * A schedule loses when an invariant breaks, when it ends in a deadlock, or when a line is answered as the scene says it
 * must not be, `# loses: * gr 0 0 -> =1`.
 *
 * Left out: any reduction. Schedules that differ in the order of steps that do not touch each other are all run, so their
 * number grows as fast as binomials do. What lies between two places where a path can be interrupted is one step, and a
 * step is seen by all processors at once; where a barrier was missing, the path says what it models instead.
 *
 * @module
 */

import { KernelBug } from "../errno.ts";
import type { Event } from "../event.ts";
import type { Release } from "../releases.ts";
import { Race, type Step } from "./race.ts";
import {
  followSchedule,
  isRace,
  type Operation,
  raceAnswers,
  type RaceBlock,
  racersOf,
  readScene,
  type Scene,
  SceneError,
} from "./scene.ts";
import { Stage } from "./stage.ts";

/** A race that stands ready, on a machine of its own. It is set up again for each schedule, always the same way. */
export interface Game {
  /** Nothing of it has begun. */
  readonly race: Race;
  /** Runs what comes after the race. */
  finish(): Finished;
}

/** What came of one schedule. */
export interface Finished {
  /** The answers of all lines. */
  readonly answers: readonly string[];
  /** The answers that make an outcome; those before the race are always alike. */
  readonly outcome: readonly string[];
  /** Why it is a loss; undefined when it is none. */
  readonly why: string | undefined;
}

/** Settings of {@linkcode explore}. */
export interface ExploreOptions {
  /** After how many schedules to give up, {@linkcode EXPLORE_LIMIT} when not said. */
  readonly limit?: number;
  /** Is told now and then how many schedules have been run. */
  readonly progress?: (schedules: number) => void;
}

/** What can come of a race. */
export interface Outcome {
  /** The answers of the race's lines and of those behind it; empty when a schedule did not get that far. */
  readonly answers: readonly string[];
  /** Why it is a loss, if it is one. */
  readonly why: string | undefined;
  /** In how many schedules it came to this. */
  readonly schedules: number;
  /** The shortest of them; among those, one that changes least often from one letter to another. */
  readonly shortest: string;
}

/** What {@linkcode explore} has found. */
export interface Explored {
  /** How many schedules were run. */
  readonly schedules: number;
  /** How many of them lose. */
  readonly failing: number;
  /** The shortest one that loses, for {@linkcode replay}. */
  readonly shortest: string | undefined;
  /** Why that one does. */
  readonly why: string | undefined;
  /** Every different outcome, the first found first. The order in which operations ended is not part of one. */
  readonly outcomes: readonly Outcome[];
  /** How many steps were taken, those that were taken again included, without the lines around the race. */
  readonly steps: number;
  /** Was every schedule run? If not, the limit was reached. */
  readonly complete: boolean;
}

/** After how many schedules {@linkcode explore} gives up when it is not told. */
export const EXPLORE_LIMIT = 100_000;

/**
 * Runs every schedule of a scene's race.
 *
 * @throws SceneError when a line is no operation, or there is not exactly one race
 */
export function explore(
  scene: Pick<Scene, "lines" | "loses">,
  release: Release,
  options: ExploreOptions = {},
): Explored {
  return exploreGame(gameOf(scene, release).begin, options);
}

/** Where a schedule at work had a choice: the letters that were ready, and which of them it is at. */
interface Choice {
  readonly ready: readonly string[];
  at: number;
}

/** {@linkcode explore}, of anything that can be begun again and again. */
export function exploreGame(begin: () => Game, options: ExploreOptions = {}): Explored {
  const { limit = EXPLORE_LIMIT, progress = () => {} } = options;
  const choices: Choice[] = [], outcomes = new Map<string, Outcome>();
  let schedules = 0, steps = 0;
  do {
    const game = begin(), end = play(game, choices);
    steps += game.race.steps.length;
    tally(outcomes, end, game.race.schedule);
    if (++schedules % 1000 === 0) progress(schedules);
    while (choices.length > 0 && choices.at(-1)!.at === choices.at(-1)!.ready.length - 1) {
      choices.pop();
    }
    if (choices.length > 0) choices.at(-1)!.at++;
  } while (choices.length > 0 && schedules < limit);
  const found = [...outcomes.values()], failing = found.filter(({ why }) => why !== undefined);
  const [worst] = failing.sort((a, b) => shorter(a.shortest, b.shortest));
  return {
    schedules,
    failing: failing.reduce((sum, { schedules }) => sum + schedules, 0),
    shortest: worst?.shortest,
    why: worst?.why,
    outcomes: found,
    steps,
    complete: choices.length === 0,
  };
}

type End = Pick<Outcome, "answers" | "why">;

/** Takes the steps that were chosen, and from there the first that can be taken; adds these choices. */
function play({ race, finish }: Game, choices: Choice[]): End {
  const known = choices.length - 1;
  try {
    for (let taken = 0; taken < choices.length; taken++) {
      const { ready, at } = choices[taken]!;
      race.step(ready[at]!, taken >= known);
    }
    while (!race.over()) {
      const ready = race.ready();
      if (ready.length === 0) throw race.deadlock();
      choices.push({ ready, at: 0 });
      race.step(ready[0]!);
    }
    const { outcome, why } = finish();
    return { answers: outcome, why };
  } catch (error) {
    if (error instanceof KernelBug) return { answers: [], why: error.message };
    if (error instanceof SyntaxError) {
      throw new SceneError(error.message, race.steps.at(-1)!.racer.at);
    }
    throw error;
  }
}

function tally(outcomes: Map<string, Outcome>, { answers, why }: End, schedule: string): void {
  const key = answers.join("\n") || why!, before = outcomes.get(key);
  const shortest = before && shorter(before.shortest, schedule) <= 0 ? before.shortest : schedule;
  outcomes.set(key, { answers, why, schedules: (before?.schedules ?? 0) + 1, shortest });
}

/** Orders schedules by their length, and then by how often they change from one letter to another. */
function shorter(a: string, b: string): number {
  return a.length - b.length || changes(a) - changes(b);
}

function changes(schedule: string): number {
  return schedule.replaceAll(/(.)\1+/g, "$1").length;
}

/** One schedule, run again. */
export interface Replayed {
  /** Every step of the race that was taken. */
  readonly steps: readonly Step[];
  /** The letters of these, the ones that were added included. */
  readonly schedule: string;
  /** An answer for each line of the scene; undefined when it did not get that far. */
  readonly answers: readonly string[] | undefined;
  /** Why it loses, if it does. */
  readonly why: string | undefined;
  /** Everything that happened, for pictures and stories. */
  readonly trace: readonly Event[];
}

/**
 * Runs one schedule of a scene's race; when it ends before the race does, A goes on while it can, then B.
 *
 * @param schedule a letter a step, `AABAB`
 * @throws SceneError for a letter that cannot take its step; the message says which and why
 */
export function replay(
  scene: Pick<Scene, "lines" | "loses">,
  release: Release,
  schedule: string,
): Replayed {
  const { begin, at } = gameOf(scene, release);
  return replayGame(begin(), { schedule, at });
}

/** {@linkcode replay}, of anything; `at` is the line of `race`. */
export function replayGame(
  { race, finish }: Game,
  schedule: Pick<RaceBlock, "schedule" | "at">,
): Replayed {
  let answers: readonly string[] | undefined, why: string | undefined;
  try {
    followSchedule(race, schedule);
    race.finish();
    ({ answers, why } = finish());
  } catch (error) {
    if (!(error instanceof KernelBug)) throw error;
    why = error.message;
  }
  return { steps: race.steps, schedule: race.schedule, answers, why, trace: race.machine.trace };
}

/** A scene with one race, as a game that can be begun again and again, and the line of its race. */
function gameOf(
  { lines, loses = [] }: Pick<Scene, "lines" | "loses">,
  release: Release,
): { begin: () => Game; at: number } {
  const parts = readScene(lines), at = parts.findIndex(isRace);
  const races = parts.filter(isRace), [block] = races;
  if (!block || races.length > 1) {
    const what = block ? "a second race" : "there is no race in this scene";
    throw new SceneError(`${what}: one is explored at a time`, races[1]?.at ?? 0);
  }
  const before = parts.slice(0, at) as Operation[], after = parts.slice(at + 1) as Operation[];
  const losses = loses.map(({ line, answer }) => ({ at: lineNamed(lines, line), line, answer }));
  const telling = [...[...block.letters.values()].flat(), ...after].map(({ at }) => at)
    .sort((a, b) => a - b);
  const begin = () => {
    const stage = new Stage(release), answers: string[] = [];
    const run = (operations: readonly Operation[]) => {
      for (const operation of operations) answers[operation.at] = stage.run(operation);
    };
    run(before);
    const race = new Race(stage.machine, racersOf(stage, block));
    const finish = () => {
      raceAnswers(race, block, answers);
      run(after);
      const loss = losses.find(({ at, answer }) => answers[at] === answer);
      return {
        answers,
        outcome: telling.map((at) => answers[at]!),
        why: loss && `${loss.line} -> ${loss.answer}`,
      };
    };
    return { race, finish };
  };
  return { begin, at: block.at };
}

function lineNamed(lines: readonly string[], line: string): number {
  const at = lines.findIndex((one) => one.replaceAll(/\s+/g, " ") === line.replaceAll(/\s+/g, " "));
  if (at >= 0) return at;
  throw new SceneError(`what loses is no line of this scene: ${line}`, 0);
}
