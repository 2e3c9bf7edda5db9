/**
 * A race: operations at work at the same time, each taking a step when its letter is called. A step goes from one place
 * where the operation can be interrupted to the next, or to its end; a schedule is a letter for each step, `AABAB`.
 *
 * @module
 */

import { KernelBug } from "../errno.ts";
import type { Machine, Path, Wait } from "../machine.ts";

/** One operation of a race, to be started when its turn comes. */
export interface Racer {
  /** What the trace calls it. */
  readonly text: string;
  /** Which of a scene's lines it is, counted from 0. */
  readonly at: number;
  /** Begins it; nothing happens before its first step. */
  start(): Path<string>;
}

/** What one letter is at. */
interface Thread {
  readonly letter: string;
  readonly racers: readonly Racer[];
  /** How many of them have ended. */
  done: number;
  path: Path<string> | undefined;
  wait: Wait | undefined;
  cause: Machine["cause"];
}

/** One step of a race, as it was taken. */
export interface Step {
  /** Whose it is. */
  readonly letter: string;
  /** The operation at work. */
  readonly racer: Racer;
  /** The first of its events in the trace. */
  readonly from: number;
  /** The first event that is no longer its own. */
  readonly to: number;
  /** What the operation was answered, if it ended. */
  readonly answer: string | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A race under way. */
export class Race {
  /** The machine it is run on, by nobody else until it is over. */
  readonly machine: Machine;
  /** The steps taken, the last one also if it broke something. */
  readonly steps: Step[] = [];
  /** The letters of the steps taken. */
  schedule = "";
  /** The letters in the order in which their operations ended. */
  ended = "";
  /** What the operations that have ended were answered, by line. */
  readonly answers = new Map<number, string>();
  readonly #threads: readonly Thread[];

  /** Nothing has begun. Each letter's operations run in order. */
  constructor(machine: Machine, letters: ReadonlyMap<string, readonly Racer[]>) {
    this.machine = machine;
    const cause = machine.cause;
    this.#threads = [...letters].map(([letter, racers]) => {
      return { letter, racers, done: 0, path: undefined, wait: undefined, cause };
    });
  }

  /** The letters that can take a step, in order. None: it is over, or a deadlock. */
  ready(): string[] {
    return this.#threads.filter(isReady).map(({ letter }) => letter);
  }

  /** Has every operation ended? */
  over(): boolean {
    return this.#threads.every(hasEnded);
  }

  /**
   * The letter takes a step.
   *
   * @param check the invariants after it; a step that was checked in another run of the same schedule need not be again
   * @throws RangeError when it cannot: the message says why
   */
  step(letter: string, check = true): void {
    const thread = this.#threads.find((one) => one.letter === letter);
    if (!thread || !isReady(thread)) throw new RangeError(this.#whyNot(letter, thread));
    const m = this.machine, racer = thread.racers[thread.done]!, from = m.trace.length;
    const step: Mutable<Step> = { letter, racer, from, to: from, answer: undefined };
    this.steps.push(step);
    this.schedule += letter;
    if (thread.path) m.resume(thread.cause);
    try {
      const { done, value } = (thread.path ??= racer.start()).next();
      if (done) this.#end(thread, step.answer = value);
      else thread.wait = value || undefined;
    } finally {
      thread.cause = m.cause;
      step.to = m.trace.length;
    }
    if (check) m.checkInvariants();
  }

  #end(thread: Thread, answer: string): void {
    this.answers.set(thread.racers[thread.done++]!.at, answer);
    this.ended += thread.letter;
    thread.path = thread.wait = undefined;
  }

  /**
   * Runs the rest without changing from one letter to another unless it must: A while it can, then B.
   *
   * @throws KernelBug for a deadlock
   */
  finish(): void {
    while (!this.over()) {
      const [letter] = this.ready();
      if (letter === undefined) throw this.deadlock();
      this.step(letter);
    }
  }

  /** The verdict when nobody can go on: what each waits for. */
  deadlock(): KernelBug {
    const waits = this.#threads.filter((thread) => !hasEnded(thread)).map(({ letter, wait }) =>
      `${letter} waits for ${wait!.reason()}`
    );
    return new KernelBug(`deadlock: ${waits.join("; ")}`);
  }

  /** Why a letter cannot take the next step. */
  #whyNot(letter: string, thread: Thread | undefined): string {
    const step = `step ${this.steps.length + 1}, ${letter}`;
    if (!thread) {
      return `${step}: there is no such letter, only ${
        this.#threads.map(({ letter }) => letter).join(", ")
      }`;
    }
    if (hasEnded(thread)) return `${step}: ${letter} has ended`;
    return `${step}: ${letter} waits for ${thread.wait!.reason()}`;
  }
}

function hasEnded({ done, racers }: Thread): boolean {
  return done === racers.length;
}

function isReady(thread: Thread): boolean {
  return !hasEnded(thread) && (!thread.wait || thread.wait.over());
}
