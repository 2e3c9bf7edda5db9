// What happened in a machine, operation by operation: what everybody reaches after each, and what it holds. Which number a
// frame has, how often it is counted, what it is marked with and whether an entry is there yet is the kernel's own business,
// and no part of it.

import {
  type Lab,
  operationText,
  PAGE_SIZE,
  type Pfn,
  reasonText,
  type State,
  verdicts,
  type VerdictWord,
  type Vpn,
  ZERO_PFN,
} from "../../sim/mod.ts";

/** An operation of a machine, and how it went. */
export interface Step {
  operation: string;
  /** Why the machine decided as it did. */
  reasons: string[];
  /** Who reaches which frame by then, and what is in it. */
  sights: string;
  /** What has gone wrong by then. */
  wrong: VerdictWord[];
  /** How many events there were when it had ended. */
  end: number;
}

const known = new WeakMap<Lab, Step[]>();

/** The steps of a machine so far. */
export function stepsOf(lab: Lab): Step[] {
  const { trace } = lab, before = known.get(lab) ?? [];
  const begins = trace.flatMap(({ type }, at) => type === "op" ? [at] : []);
  const steps = begins.map((begin, nth): Step => {
    const end = begins[nth + 1] ?? trace.length, step = before[nth];
    if (step?.end === end) return step;
    const op = trace[begin]!, state = end === trace.length ? lab.state : lab.at(end);
    return {
      operation: op.type === "op" ? operationText(op) : "",
      reasons: trace.slice(begin, end).flatMap((event) =>
        event.type === "note" ? [reasonText(event.reason)] : []
      ),
      sights: sightsOf(state),
      wrong: verdicts(state).flatMap(({ word }) => word === "whole" ? [] : [word]),
      end,
    };
  });
  known.set(lab, steps);
  return steps;
}

/** Two states say the same where everybody reaches the same. Frames are numbered in the order in which they are met. */
export function sightsOf({ mms, tasks, holds, frames, slots, objects }: State): string {
  const met = new Map<Pfn, number>();
  const frame = (pfn: Pfn) => {
    if (!frames.has(pfn)) return "a freed frame";
    if (!met.has(pfn)) met.set(pfn, met.size);
    return `frame ${met.get(pfn)}: ${frames.get(pfn)!.bytes.join()}`;
  };
  const lines: string[] = [];
  for (const [pid, { mm: id }] of tasks) {
    const mm = mms.get(id)!, reached = new Map<Vpn, string>();
    for (const { start, end, flags, object, pgoff } of mm.vmas) {
      const first = start / PAGE_SIZE, last = end / PAGE_SIZE;
      lines.push(`pid ${pid} maps ${first}-${last} ${flags}`);
      // What shared memory and files show is there for whoever faults.
      for (const [index, pfn] of objects.get(object)?.pages ?? []) {
        const vpn = first + index - pgoff;
        if (vpn >= first && vpn < last) reached.set(vpn, frame(pfn));
      }
    }
    // And so are the zeros of memory that nobody has written.
    for (const [vpn, { pfn }] of mm.ptes) if (pfn !== ZERO_PFN) reached.set(vpn, frame(pfn));
    for (const [vpn, { slot }] of mm.swapPtes) {
      const { pfn, bytes } = slots.get(slot)!;
      reached.set(vpn, pfn ? frame(pfn) : `slot: ${bytes.join()}`);
    }
    for (const [vpn, what] of sorted(reached)) lines.push(`pid ${pid} at ${vpn} ${what}`);
  }
  for (const [holder, held] of holds) {
    for (const { pfn } of held) lines.push(`${holder} holds ${frame(pfn)}`);
  }
  return lines.join("\n");
}

function sorted<T>(table: ReadonlyMap<number, T>): [number, T][] {
  return [...table].sort(([one], [other]) => one - other);
}
