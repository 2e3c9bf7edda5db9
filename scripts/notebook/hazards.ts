// What comes of each named scene on each kernel that something is known of: the rows and columns of the table of hazards.

import {
  eras,
  follows,
  judge,
  type Judged,
  releaseNamed,
  runs,
  type Scene,
  scenes,
} from "../../sim/mod.ts";

/** Kernels of one era that answer every scene alike. */
export interface Column {
  era: string;
  /** `2.6.13–2.6.23, 4.8–4.9.0`. */
  ranges: string;
  /** Which of the machine's `runs` of releases these are, in order. */
  runs: readonly number[];
  /** What comes of each scene that the machine plays. */
  judged: readonly Judged[];
}

/** The scenes that the machine plays, the others, and the columns: by era in their order, within one by release. */
export interface Hazards {
  played: readonly Scene[];
  missing: readonly Scene[];
  columns: readonly Column[];
}

/** Plays every named scene on every kernel. */
export function hazards(): Hazards {
  const played: Scene[] = [], missing: Scene[] = [];
  for (const scene of scenes.values()) {
    (runs.every(([from]) => judge(scene, releaseNamed(from))) ? played : missing).push(scene);
  }
  return { played, missing, columns: alike(played) };
}

function alike(played: readonly Scene[]): Column[] {
  const found = new Map<string, { era: string; runs: number[]; judged: Judged[] }>();
  for (const [at, [from, , { name: era }]] of runs.entries()) {
    const kernel = releaseNamed(from);
    const judged = played.map((scene) => judge(scene, kernel)!);
    const key = JSON.stringify([era, judged]), column = found.get(key);
    if (column) column.runs.push(at);
    else found.set(key, { era, runs: [at], judged });
  }
  return eras.flatMap(({ name }) => [...found.values()].filter(({ era }) => era === name))
    .map((column) => ({ ...column, ranges: rangesOf(column.runs) }));
}

/** `2.6.13–2.6.23, 4.8–4.9.0, 4.10`: runs are one where no release lies between them. */
function rangesOf(indices: readonly number[]): string {
  const ranges: [from: number, to: number][] = [];
  for (const at of indices) {
    const last = ranges.at(-1);
    if (last && follows(runs[at]!, runs[last[1]]!)) last[1] = at;
    else ranges.push([at, at]);
  }
  return ranges.map(([first, last]) => {
    const [from] = runs[first]!, [, to] = runs[last]!;
    return from === to ? from : `${from}–${from.startsWith(`${to}.`) ? `${to}.y` : to}`;
  }).join(", ");
}
