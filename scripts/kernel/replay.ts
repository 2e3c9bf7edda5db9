// Scenes by the kernel and by the simulator at once, and what is to be done about one that they answer differently: it is
// replayed again, since a kernel may answer so only sometimes, and made as small as it can be.

import { type Level, levels, type Release, type Scene, SceneError } from "../../sim/mod.ts";
import { Problem } from "../tool/problem.ts";
import { World } from "../random/world.ts";
import {
  type Answers,
  compareAnswers,
  machineAnswers,
  undecided,
  type Verdict,
} from "./compare.ts";
import { type FileScene, located } from "./scenes.ts";
import { shrink } from "./shrink.ts";

/** Who answers for the kernel: a probe, or whatever stands for one. */
export interface Kernel {
  /** An answer to each line of each scene. */
  replay(scenes: readonly Pick<Scene, "name" | "lines">[]): Promise<string[][]>;
}

/** What the kernel is held against. */
export interface Versus {
  readonly release: Release;
  readonly level: Level;
  /** Why the probe does not have an ability. */
  readonly reasons?: ReadonlyMap<string, string>;
}

/** What came of one scene. */
export interface Outcome<S = Scene> extends Answers {
  readonly scene: S;
  readonly verdict: Verdict;
}

/** How many scenes are on their way to the kernel at a time. */
const BATCH = 50;

/**
 * Replays scenes. While the kernel answers some, the simulator answers the same, and the next are on their way.
 *
 * @param done is told how many scenes are
 */
export async function replayScenes<S extends Scene>(
  kernel: Kernel,
  scenes: Iterable<S>,
  versus: Versus,
  done: (scenes: number) => void = () => {},
): Promise<Outcome<S>[]> {
  const outcomes: Outcome<S>[] = [];
  for await (const some of replayed(kernel, scenes, versus)) {
    outcomes.push(...some);
    done(outcomes.length);
  }
  return outcomes;
}

/** The same, some scenes at a time: of more than memory should hold. */
export async function* replayed<S extends Scene>(
  kernel: Kernel,
  scenes: Iterable<S>,
  versus: Versus,
): AsyncGenerator<Outcome<S>[]> {
  const ask = (batch: S[]) => ({ batch, answers: kernel.replay(batch) });
  const finish = async ({ batch, answers }: ReturnType<typeof ask>) => {
    const machine = batch.map((scene) => ours(scene, versus.release));
    return (await answers).map((kernel, i): Outcome<S> => {
      const scene = batch[i]!, both = { kernel, machine: machine[i]! };
      const verdict = compareAnswers(scene.lines, both, versus.level, versus.reasons);
      return { scene, ...both, verdict };
    });
  };
  let waiting: ReturnType<typeof ask> | undefined;
  for (const batch of batches(scenes)) {
    const asked = ask(batch);
    if (waiting) yield await finish(waiting);
    waiting = asked;
  }
  if (waiting) yield await finish(waiting);
}

function* batches<S>(scenes: Iterable<S>): Generator<S[]> {
  let batch: S[] = [];
  for (const scene of scenes) {
    batch.push(scene);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function ours(scene: Scene & Partial<FileScene>, release: Release): string[] {
  const { lines, places, path = scene.name } = scene;
  return located({ lines, places, path }, () => machineAnswers(lines, release));
}

/** A scene that is answered differently, as small as it was found to be. */
export interface Difference extends Answers {
  /** The scenes that it was found in. */
  readonly scenes: readonly string[];
  readonly lines: readonly string[];
  readonly level: Level;
  /** The first line that differs. */
  readonly at: number;
  /** Does the kernel answer so each time? Where not, nothing was made smaller. */
  readonly steady: boolean;
}

/**
 * Looks for the smallest scene that differs at the level at which this one does, so that a byte that is wrong is not
 * traded for a fault count.
 *
 * @param until when to be content with what there is, by `performance.now()`
 */
export async function smallest(
  kernel: Kernel,
  { scene, verdict, ...answers }: Outcome,
  versus: Versus,
  until = Infinity,
): Promise<Difference> {
  if (verdict.verdict !== "differs") throw new TypeError(`${scene.name} does not differ`);
  const seen = { ...versus, level: verdict.level };
  const judge = async (
    candidates: readonly (readonly string[])[],
  ): Promise<(Outcome | undefined)[]> => {
    const scenes = candidates.map((lines) => ({ name: scene.name, lines, places: [] }));
    const machine = scenes.map(({ lines }) => possible(lines, versus.release));
    const kernels = await kernel.replay(scenes.filter((_, i) => machine[i]));
    return scenes.map((scene, i) => {
      if (!machine[i]) return undefined;
      const both = { kernel: kernels.shift()!, machine: machine[i] };
      return { scene, ...both, verdict: compareAnswers(scene.lines, both, seen.level) };
    });
  };
  const differs = (outcome: Outcome | undefined) =>
    outcome?.verdict.verdict === "differs" && outcome.verdict.level === seen.level;
  const unsteady = {
    scenes: [scene.name],
    lines: scene.lines,
    ...answers,
    level: verdict.level,
    at: verdict.at,
    steady: false,
  };
  const [again] = await judge([scene.lines]);
  if (!differs(again)) return unsteady;
  const strange = oddities(scene.lines);
  const shows = async (candidates: readonly (readonly string[])[]) => {
    if (performance.now() > until) return candidates.map(() => false);
    const fit = candidates.map((lines) => oddities(lines).isSubsetOf(strange));
    const outcomes = await judge(candidates.filter((_, i) => fit[i]));
    return fit.map((one) => one && differs(outcomes.shift()));
  };
  const head = scene.lines.slice(0, verdict.at + 1);
  const [short] = await shows([head]);
  const lines = await shrink(short ? head : scene.lines, shows);
  const [last] = await judge([lines]);
  const found = last?.verdict;
  if (!last || found?.verdict !== "differs" || found.level !== seen.level) return unsteady;
  const { kernel: theirs, machine } = last;
  return { ...unsteady, lines, kernel: theirs, machine, at: found.at, steady: true };
}

function possible(lines: readonly string[], release: Release): string[] | undefined {
  try {
    return machineAnswers(lines, release);
  } catch (error) {
    if (error instanceof SceneError) return undefined;
    throw error;
  }
}

/** The lines that a kernel may answer now so and now so; a scene is not made smaller by adding one. */
function oddities(lines: readonly string[]): Set<string> {
  const world = new World();
  const odd = new Set(lines.filter((line) => !world.step(line)));
  if (world.transfers.size > 0) odd.add("in flight");
  return odd;
}

/** How many agree, differ, are unavailable; and how many fault counts of theirs no page table decides. */
export type Tally = Record<Verdict["verdict"] | "undecided", number>;

/** Counts outcomes, on top of what was counted before. */
export function tally(
  outcomes: readonly Outcome[],
  { ...counts }: Tally = { agrees: 0, differs: 0, unavailable: 0, undecided: 0 },
): Tally {
  for (const { verdict, machine } of outcomes) {
    counts[verdict.verdict]++;
    counts.undecided += undecided(machine);
  }
  return counts;
}

/** The level that was asked for, where the probe sees as much; what it sees, where none was. */
export function agreedLevel(asked: Level | undefined, seen: Level): Level {
  if (asked === undefined || levels.indexOf(asked) <= levels.indexOf(seen)) return asked ?? seen;
  throw new Problem(`the probe does not see ${asked} here, it sees ${seen}`, {
    remedy: `Leave --level out, or run as root: only root is shown page frames.`,
  });
}
