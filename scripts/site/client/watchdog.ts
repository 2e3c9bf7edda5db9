/// <reference lib="dom" />
// Ends a run that takes too long, by a measure that is no clock: rounds of other work that the browser did meanwhile.

import { type Guest, start } from "./sandbox.ts";
import { ROUNDS, yardstick } from "./yardstick.ts";

/**
 * After so long a run is measured, in milliseconds of the clock; what ends it is the yardstick. The clock itself is the
 * last resort: for a machine that does not start, and where nothing is measured.
 */
const measureMs = 1_000, lastResortMs = 120_000;

/** Rounds for a whole run, whatever its cells say meanwhile. */
const RUN_ROUNDS = 2 * ROUNDS;

/** Watches one run. */
export interface Watchdog {
  /** A cell has begun; what it says later gives it no more time. */
  begin(): void;
  /** The run is over. */
  end(): void;
}

/** @param stop told, once, what took too long: `cell`, or `run` for all cells together, and how it was measured */
export function watch(stop: (what: "cell" | "run", how: string) => void): Watchdog {
  let all = 0, own = 0;
  let measure: Guest | undefined;
  const over = (what: "cell" | "run", how: string) => {
    end();
    stop(what, how);
  };
  const timers = [
    setTimeout(() => {
      measure = start(yardstick);
      measure.hear(() => {
        all++;
        if (++own === ROUNDS) over("cell", "the browser did some three seconds of other work");
        else if (all === RUN_ROUNDS) over("run", "the browser did some six seconds of other work");
      });
    }, measureMs),
    setTimeout(
      () => over("run", `${lastResortMs / 1000} seconds of the clock went by`),
      lastResortMs,
    ),
  ];
  function end() {
    timers.forEach(clearTimeout);
    measure?.end();
  }
  return { begin: () => own = 0, end };
}
