// Random scenes for a real kernel: those of the one arbitrary, without what no probe can be asked, and with a look at what
// they come to. Plain chance is weak where it matters: what tells kernels apart is a few operations in the right order. So
// half of the scenes begin as a known one, and where two kernels to tell apart are given, three scenes of four are drawn up
// to four times for one that does.

import fc from "fast-check";
import type { Release, Scene } from "../../sim/mod.ts";
import { type Draft, drafts, type Known, looks, sceneOf } from "../random/scenes.ts";
import { World } from "../random/world.ts";
import { abilityOf, lineOf, readOperation } from "./operation.ts";
import { tells } from "./worth.ts";

/** What random scenes are made from. */
export interface Source {
  readonly seed: number;
  /** The known scenes that are changed; without any, every scene is drawn from themes. */
  readonly base: readonly Known[];
  /** What no scene may need, such as `ksm` or `loop`: what the probe cannot do, or shall not. */
  readonly without: ReadonlySet<string>;
  /** Two kernels: three scenes of four are redrawn, three times at most, while both answer alike. */
  readonly tell?: readonly [Release, Release];
}

/** A random scene, and how it came about. */
export interface RandomScene extends Scene {
  /** `sought` where it was chosen for telling two kernels apart, `plain` where it is as it was drawn. */
  readonly kind: "plain" | "sought";
}

/** How often a scene is drawn at most. */
const DRAWS = 4;
/** The most lines of a scene, before it is looked at in the end. */
const LINES = 26;

/**
 * The first `many` random scenes of a source, of which each is the same whatever `many` is: a seed has an endless row of
 * scenes, and each of these an endless row of draws.
 */
export function* randomScenes(source: Source, many: number): Generator<RandomScene> {
  const { seed, without, tell } = source;
  const base = source.base.filter(({ lines }) => can(lines, without));
  const kind = { profile: "probe", least: 10, most: 24, without, known: base } as const;
  const rows = fc.infiniteStream(drafts(kind), { noHistory: true });
  for (const [n, row] of fc.sample(rows, { seed, numRuns: many }).entries()) {
    // The plain scenes are the same whoever is to be told apart.
    const sought = tell && n % 4 > 0;
    let from = "", lines: string[] = [];
    for (const draft of row.take(sought ? DRAWS : 1)) {
      from = draft.known?.scene.name.split(" ")[0] ?? draft.themes.join("+");
      lines = replayable(draft, without);
      if (sought && tells(lines, tell, "frames")) break;
    }
    const kind = sought ? "sought" : "plain", places = lines.map((_, i) => i + 2);
    yield { name: `random ${seed}:${n} ${kind} ${from}`, lines, places, kind };
  }
}

/** The lines of a draft that a probe can be asked, and a look at what they come to. */
function replayable(draft: Draft, without: ReadonlySet<string>): string[] {
  const world = new World();
  const lines = sceneOf(draft).slice(0, LINES).map(unadorned)
    .filter((line) => can([line], without) && world.step(line));
  return [...lines, ...looks(world)];
}

/** The line without words after its arguments, such as the `r` of a read-only pin: no probe can take one by itself. */
function unadorned(line: string): string {
  const operation = readOperation(line);
  return lineOf({ ...operation, args: operation.args.slice(0, operation.shape?.length) });
}

function can(lines: readonly string[], without: ReadonlySet<string>): boolean {
  return !lines.some((line) => without.has(abilityOf(line) ?? ""));
}
