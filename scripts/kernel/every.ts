// `deno task kernel --every N`: every program of N operations on the kernel that is running, beside the simulator. There are
// many, so only counts are kept of them, and the first that differ.

import type { Scene } from "../../sim/mod.ts";
import { counting, type Every, programs, type Shard } from "../random/every.ts";
import { say, showProgress, status } from "../tool/terminal.ts";
import { paragraph, plural } from "../tool/text.ts";
import { type Kernel, type Outcome, replayed, type Tally, tally, type Versus } from "./replay.ts";
import {
  reasonLines,
  tallyTable,
  unavailableReasons,
  undecidedLines,
  verdictLine,
} from "./report.ts";

/** How many that differ are kept, to be made smaller; the rest is counted. */
const KEPT = 200;

/** What came of all programs, or of a part of them. */
export interface EveryResult {
  readonly every: Every;
  readonly shard: Shard;
  readonly tally: Tally;
  /** By the clock. */
  readonly seconds: number;
  /** The first that differ. */
  readonly differing: readonly Outcome[];
  /** Why programs were unavailable, and how many. */
  readonly reasons: readonly (readonly [string, number])[];
}

/** Replays every program. */
export async function replayEvery(
  kernel: Kernel,
  every: Every,
  shard: Shard,
  versus: Versus,
): Promise<EveryResult> {
  const begun = performance.now();
  let all = 0;
  for (const some of counting(every)) {
    all += some;
    await new Promise((go) => setTimeout(go)); // a signal has its turn
  }
  const mine = Math.ceil((all - shard.nth + 1) / shard.of);
  let counts = tally([]), done = 0;
  const differing: Outcome[] = [], reasons = new Map<string, number>();
  for await (const outcomes of replayed(kernel, scenesOf(every, shard), versus)) {
    counts = tally(outcomes, counts);
    const differ = outcomes.filter(({ verdict }) => verdict.verdict === "differs");
    differing.push(...differ.slice(0, KEPT - differing.length));
    for (const [why, times] of unavailableReasons(outcomes)) {
      reasons.set(why, (reasons.get(why) ?? 0) + times);
    }
    showProgress(done += outcomes.length, mine, `programs of ${every.operations} operations`);
  }
  status("");
  const seconds = (performance.now() - begun) / 1000;
  return { every, shard, tally: counts, seconds, differing, reasons: [...reasons] };
}

function* scenesOf(every: Every, shard: Shard): Generator<Scene> {
  let n = shard.nth;
  for (const lines of programs(every, shard)) {
    const places = lines.map((_, i) => i + 2);
    yield { name: `program ${every.operations}:${n}`, lines, places };
    n += shard.of;
  }
}

/** The counts, what was unavailable and why, and the verdict. */
export function sayEvery(result: EveryResult, columns: number, record?: string): void {
  const { every: { operations }, shard, tally, seconds, reasons } = result;
  const part = shard.of > 1 ? `, part ${shard.nth} of ${shard.of}` : "";
  const name = `programs of ${plural(operations, "operation")}${part}`;
  say(...tallyTable([[name, tally]], columns));
  if (reasons.length > 0) say("", "Unavailable", ...reasonLines(reasons, columns));
  say(...undecidedLines(tally, columns));
  const all = tally.agrees + tally.differs + tally.unavailable;
  say("", ...paragraph(`${plural(all, "program")} in ${seconds.toFixed(0)} s.`, columns));
  if (record) say("", ...paragraph(record, columns));
  say("", verdictLine(tally, "program"));
}
