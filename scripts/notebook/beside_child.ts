// Runs in a child process with no permission at all: one chapter under its own kernel and then under others, each time from
// nothing, and each cell is compared with what it came to the first time.
//
// One process for all kernels: a cell that changes an object of the simulator would change what the next kernel's run
// does. What a chapter prints comes from a process of its own, run.ts; this one is only asked what differs.

import { releaseNamed } from "../../sim/mod.ts";
import { reporter } from "../tool/report.ts";
import {
  type Beside,
  compare,
  isAtWork,
  isNameless,
  type Machine,
  nameless,
  type Seen,
} from "./beside.ts";
import { forgetEarlierRuns, runHere } from "./child.ts";
import { type CellResult, collect, openChapter, type Report } from "./harness.ts";
import { stepsOf } from "./sights.ts";
import { watch } from "./watch.ts";

/** What is reported of a kernel: the cells that come out otherwise, by their numbers. */
export interface OnKernel {
  kernel: string;
  cells: [cell: number, beside: Beside][];
}

/** What is reported: of the chapter's own kernel the cells in which a machine works by its rules, then of each of the others. */
export type Told = { works: number[] } | OnKernel;

/** Compares a chapter under its own kernel and under others. Each load imports it anew. */
export async function besideChild(
  mark: string,
  own: string,
  kernels: readonly string[],
  [loadOwn, ...loads]: readonly (() => Promise<unknown>)[],
): Promise<void> {
  const send = reporter<Told>(mark);
  forgetEarlierRuns();
  const first = await runUnder(own, loadOwn!);
  send({
    works: [...first].flatMap(([cell, { machines }]) => machines.some(isAtWork) ? [cell] : []),
  });
  for (const [nth, kernel] of kernels.entries()) {
    const seen = await runUnder(kernel, loads[nth]!);
    const eras = { own: releaseNamed(own).era, other: releaseNamed(kernel).era };
    const nothing: Seen = { result: undefined, machines: [] };
    const cells = [...first].flatMap(([cell, one]): OnKernel["cells"] => {
      const beside = compare(cell, one, seen.get(cell) ?? nothing, eras);
      return beside ? [[cell, beside]] : [];
    });
    send({ kernel, cells });
  }
}

/** What each cell comes to under a kernel, by its number. */
async function runUnder(
  kernel: string,
  load: () => Promise<unknown>,
): Promise<Map<number, Seen>> {
  watch.forget();
  const reports: Report[] = [], machines = new Map<number, Machine[]>();
  const ends = new Map<object, Map<number, number>>();
  let cell = -1;
  const close = () => {
    machines.set(cell, machinesOf(cell, ends));
    watch.pass();
  };
  const post = (report: Report) => {
    if (report.kind === "begin" || report.kind === "end") close();
    if (report.kind === "begin") cell = report.cell;
    reports.push(report);
  };
  const chapter = openChapter({ kernel: nameless(releaseNamed(kernel).era), post });
  const done = await runHere(chapter, load);
  done();
  const seen = (result: CellResult): [number, Seen] => [
    result.index,
    { result, machines: machines.get(result.index) ?? [] },
  ];
  return new Map(collect(reports).filter(({ index }) => index >= 0).map(seen));
}

/** The machines that the cells have made so far, as they are when one ends. */
function machinesOf(cell: number, ends: Map<object, Map<number, number>>): Machine[] {
  return watch.machines().filter(({ lab }) => isNameless(lab)).map(({ lab, seen }) => {
    const steps = stepsOf(lab), known = ends.get(lab) ?? new Map<number, number>();
    ends.set(lab, known.set(cell, steps.length));
    const from = steps.filter(({ end }) => end <= seen).length;
    return { lab, steps, ends: known, from };
  });
}
