// What the katas' suites are written with: tests that are counted, pictures that are compared, and orders of steps.
// A thin wrapper over uvu, which can be green without having tested: a `.only`, a hook or a value that is no Error hides
// the rest. Here every test that is declared is reported, by itself, to whoever runs the suite: a child process of
// `deno task kata`, or a worker in a page. So nothing in this file may need Deno, and the host sets
// `globalThis.UVU_DEFER` before it loads uvu, which then waits to be run.

import { suite as uvuSuite } from "uvu";
import { Assertion, equal } from "uvu/assert";
import { lines } from "uvu/diff";
import { type Build, type Era, frames, framesText, KernelBug, type Lab } from "sim";
import { releaseNamed, runScene, scenes, UNAVAILABLE } from "sim";

/** Who is told what happens while a suite runs. */
export interface Listener {
  /** `test` is about to run; if nothing follows, it hangs. */
  started(test: string): void;
  /** `test` is over, and passed unless there is an error. */
  ended(test: string, error?: Error): void;
}

/** A suite: called, it declares a test. */
export interface Suite {
  (test: string, body: () => void | Promise<void>): void;
  readonly title: string;
  /** The declared tests, in order. */
  readonly tests: readonly string[];
  /** Runs every test in order, or up to the first that fails. @throws Error when uvu did not run all of them */
  run(listener: Listener, until?: "end" | "failure"): Promise<void>;
}

/** The machine that the running test looks at. Those before it are checked and forgotten: a test may play thousands. */
let looked: Lab | undefined;

/**
 * Starts a suite.
 *
 * @throws Error on `.only` and `.skip`, which hide tests, and on a name that is taken
 */
export function suite(title: string): Suite {
  const tests: string[] = [];
  const bodies = uvuSuite(title);
  let listener: Listener | undefined, untilFailure = false, over = false;
  const declare = (test: string, body: () => void | Promise<void>) => {
    if (listener) throw new Error(`the test "${test}" is declared while the suite runs`);
    if (tests.includes(test)) throw new Error(`two tests are named "${test}"`);
    tests.push(test);
    bodies(test, async () => {
      if (over) return;
      listener?.started(test);
      looked = undefined;
      const error = await failure(body) ?? await failure(() => look());
      listener?.ended(test, error);
      over = untilFailure && error !== undefined;
      if (error) throw error;
    });
  };
  const run = async (to: Listener, until: "end" | "failure" = "end") => {
    listener = to;
    untilFailure = until === "failure";
    // uvu queues what it is told to run; taken out of the queue, it answers [errors, passed, skipped, total].
    const host = globalThis as {
      UVU_QUEUE?: (() => Promise<[unknown, number, number, number]>)[][];
    };
    const group = (host.UVU_QUEUE ??= [])[0] ??= [];
    bodies.run();
    const result = await group.pop()?.();
    if (result?.[3] !== tests.length) {
      throw new Error(`uvu ran ${result?.[3] ?? 0} of ${tests.length} tests`);
    }
  };
  return Object.assign(declare, {
    title,
    tests,
    run,
    only: refuse("only"),
    skip: refuse("skip"),
  });
}

/**
 * Asserts that the frames of a machine look like `picture`: `framesText()`, indented as you like, columns set apart by
 * two spaces or more. The verdict below the frames is no part of it: what a test says, its hint says.
 *
 * @param hint the promise that is broken when they do not, and where to look
 * @throws Assertion whose `details` are the story: the operations, what the machine said last, and both pictures
 */
export function sameFrames(lab: Lab, picture: string, hint: string): void {
  look(lab);
  same("The frames", () => operations(lab), framesText(lab.state), picture, hint);
}

/**
 * Asserts that what a function answers looks like `picture`, where there is no machine to draw: rows, compared as those
 * of {@linkcode sameFrames}.
 *
 * @param asked what the function was asked, a line each
 */
export function sameRows(
  asked: readonly string[],
  answer: string,
  picture: string,
  hint: string,
): void {
  const story = () => ["What was asked:", ...asked.map((line) => `  ${line}`)].join("\n");
  same("The answer", story, answer, picture, hint);
}

function same(
  what: string,
  story: () => string,
  drawn: string,
  picture: string,
  hint: string,
): void {
  const actual = rows(drawn);
  const expects = rows(picture);
  if (actual.map(cells).join("\n") === expects.map(cells).join("\n")) return;
  throw new Assertion({
    message: hint,
    details: `${story()}\n${difference(what, actual, expects)}`,
    generated: false,
    operator: "same",
    expects: expects.join("\n"),
    actual: actual.join("\n"),
  });
}

/**
 * Asserts what no picture says, or what holds for every picture.
 *
 * @param hint as for {@linkcode sameFrames}
 * @throws Assertion whose `details` are the operations, what the machine said last, and the frames
 */
export function holds(lab: Lab, condition: boolean, hint: string): void {
  look(lab);
  if (!condition) throw broken(lab, hint, "holds");
}

/**
 * Asserts that every scene of the course ends under a rule as it ends on the kernels whose rule it should be. A scene that
 * those kernels do not know is left out.
 *
 * @param yours the era of `real` with the reader's functions in it
 * @param hint what to say of a scene that ends otherwise, by its name
 */
export function sameScenes(yours: Era, real: Era, hint: (scene: string) => string): void {
  const { era, build } = releaseNamed(real.name);
  for (const { name, lines } of scenes.values()) {
    const wanted = answered(lines, era, build);
    if (wanted.includes(UNAVAILABLE)) continue;
    const asked = [`the scene ${name}, by ${yours.name}`];
    sameRows(asked, answered(lines, yours, build), wanted, hint(name));
  }
}

/** A scene's lines with its answers; a machine that broke says how. */
function answered(lines: readonly string[], era: Era, build: Build): string {
  try {
    const answers = runScene(lines, { era, build, release: "" });
    return lines.map((line, i) => `${line}: ${answers[i]}`).join("\n");
  } catch (error) {
    if (!(error instanceof KernelBug)) throw error;
    return `the kernel stops: ${error.message}`;
  }
}

/**
 * Plays a machine under your era, and asks the real one for its answer wherever yours is asked.
 *
 * @param play makes the machine under an era
 * @returns the machine if the two have parted. If they have not they make the same machine, and it is not worth its time
 */
export function parted(
  yours: Era,
  real: Era,
  rule: "forkMustCopy" | "wpCanReuse",
  play: (era: Era) => Lab,
): Lab | undefined {
  let same = true;
  const answerOf = (era: Era, asked: unknown[]) =>
    (era[rule] as (...asked: unknown[]) => boolean)(...asked);
  const both = (...asked: unknown[]) => {
    // The real one first: what yours does to the page cannot change its answer.
    const wanted = answerOf(real, asked), answer = answerOf(yours, asked);
    if (answer !== wanted) same = false;
    return answer;
  };
  const lab = play({ ...yours, [rule]: both });
  look(lab);
  return same ? undefined : lab;
}

/**
 * Every order of up to `length` steps, the shorter ones first: the first that shows a mistake is as short as can be.
 *
 * @param may whether a step makes sense after those before it; an order with one that does not is left out
 */
export function* everyOrder<Step>(
  steps: readonly Step[],
  length: number,
  may: (step: Step, before: readonly Step[]) => boolean = () => true,
): Generator<readonly Step[]> {
  let orders: (readonly Step[])[] = [[]];
  for (let left = length; left > 0; left--) {
    yield* orders;
    orders = orders.flatMap((before) =>
      steps.filter((step) => may(step, before)).map((step) => [...before, step])
    );
  }
  yield* orders;
}

/** So many orders of `length` steps that look thrown, and are the same in every run. */
export function* someOrders<Step>(
  steps: readonly Step[],
  count: number,
  length: number,
  seed: number,
): Generator<readonly Step[]> {
  const thrown = dice(seed);
  for (let i = 0; i < count; i++) yield Array.from({ length }, () => steps[thrown(steps.length)]!);
}

/** Every choice of one of each: of `{ mapcount: [1, 2], dirty: [true, false] }` there are four. */
export function* everyChoice<Choices extends { readonly [name: string]: readonly unknown[] }>(
  choices: Choices,
): Generator<{ [Name in keyof Choices]: Choices[Name][number] }> {
  type Choice = { [Name in keyof Choices]: Choices[Name][number] };
  const names = Object.keys(choices);
  const count = names.reduce((product, name) => product * choices[name]!.length, 1);
  for (let i = 0; i < count; i++) {
    let rest = i;
    yield Object.fromEntries(names.map((name) => {
      const list = choices[name]!, at = rest % list.length;
      rest = (rest - at) / list.length;
      return [name, list[at]];
    })) as Choice;
  }
}

/** Whole numbers from 0 to below what is asked for, which look thrown and are the same in every run. */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = state * 48271 % 2147483647) % below;
}

/** Looks at a machine, or at none any more, and asks nothing of it but that its state, and the one's before, is unforged. */
export function look(lab?: Lab): void {
  const before = looked;
  looked = lab;
  if (before && before !== lab) unforged(before);
}

/**
 * Asserts that the state is what its events made of it: code that is handed a frame may read it, not write to it.
 * Otherwise a picture would show what somebody wants it to show.
 */
function unforged(lab: Lab): void {
  const made = lab.at(lab.trace.length);
  try {
    equal(lab.state, made);
  } catch {
    const hint = "the code under test wrote to the state of the machine, which is given to be read";
    throw broken(lab, hint, "unforged");
  }
}

function broken(lab: Lab, message: string, operator: string): Assertion {
  const actual = rows(String(frames(lab.state)));
  return new Assertion({
    message,
    details: [operations(lab), "The frames:", ...actual.map((row) => `  ${row}`)].join("\n"),
    generated: false,
    operator,
    expects: true,
    actual: false,
  });
}

/** How many operations a story tells at most, the last ones. */
const TOLD = 12;

function operations(lab: Lab): string {
  const all = lab.story();
  const left = all.length - TOLD;
  return [
    "What happened:",
    ...left > 0 ? [`  (${left} before these)`] : [],
    ...all.slice(-TOLD).map((line) => `  ${line}`),
    ...lab.reasons().map((line) => `    ${line}`),
  ].join("\n");
}

/** Both pictures as one: `-` before a row that is there, `+` before the row that belongs there. */
function difference(what: string, actual: string[], expects: string[]): string {
  // A row that only differs in how its columns are spaced is shown as the machine drew it.
  const drawn = new Map(actual.map((row) => [cells(row), row]));
  const wanted = expects.map((row) => drawn.get(cells(row)) ?? row);
  // Every row ends its line: a last one that does not would differ from the same row in the middle.
  const text = (picture: string[]) => picture.map((row) => `${row}\n`).join("");
  const body = plain(lines(text(actual), text(wanted))).split("\n")
    .filter((line) => /^(--|\+\+| {2})/.test(line))
    .map((line) => `  ${line[0]} ${line.slice(2)}`);
  return [`${what} (- now, + as promised):`, ...body].join("\n");
}

/** uvu's diff without its colours, and with spaces where it prints dots. */
export function plain(diff: string): string {
  const escape = String.fromCharCode(27);
  return diff.replaceAll(new RegExp(`${escape}\\[\\d+m`, "g"), "").replaceAll("·", " ");
}

function rows(picture: string): string[] {
  const all = picture.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "");
  const indent = Math.min(...all.map((line) => line.search(/\S/)));
  return all.map((line) => line.slice(indent));
}

/** A row by its cells alone: how wide a column is depends on the other rows. */
function cells(row: string): string {
  return row.trim().replaceAll(/ {2,}/g, "  ");
}

async function failure(body: () => void | Promise<void>): Promise<Error | undefined> {
  try {
    await body();
  } catch (thrown) {
    return asError(thrown);
  }
}

function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  const what = typeof thrown === "string"
    ? JSON.stringify(thrown)
    : Object(thrown) === thrown
    ? "an object"
    : String(thrown);
  return new Error(`${what} was thrown, which is not an Error`);
}

function refuse(what: string): () => never {
  return () => {
    throw new Error(`test.${what}() hides tests: a kata runs all of them`);
  };
}
