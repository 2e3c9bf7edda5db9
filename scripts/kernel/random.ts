// Random scenes. Plain chance is weak where it matters: what tells kernels apart is a few operations in the right order.
// So most scenes begin as a known one and are changed a little, the rest draws its operations from a few themes, and
// where two kernels to tell apart are given, three scenes of four are drawn up to four times for one that does.

import type { Release, Scene } from "../../sim/mod.ts";
import { Dice } from "./dice.ts";
import { mutated } from "./mutate.ts";
import { abilityOf, lineOf, readOperation } from "./operation.ts";
import { drawOperation, type Theme, THEMES } from "./draw.ts";
import { range, tidy, World } from "./world.ts";
import { tells } from "./worth.ts";

/** What random scenes are made from. */
export interface Source {
  readonly seed: number;
  /** The known scenes that are changed; without any, every scene is drawn from themes. */
  readonly base: readonly Pick<Scene, "name" | "lines">[];
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

/** The random scene number `n` of a source: the same source gives the same scene, in whatever order they are asked for. */
export function randomScene(source: Source, n: number): RandomScene {
  const dice = new Dice(source.seed, n);
  // Drawn in any case, so that the plain scenes are the same whoever is to be told apart.
  const sought = dice.chance(3, 4), seek = sought && source.tell !== undefined;
  let drawn = draw(source, dice);
  for (let i = 1; seek && i < DRAWS && !tells(drawn.lines, source.tell!, "frames"); i++) {
    drawn = draw(source, dice);
  }
  const kind = seek ? "sought" : "plain";
  return {
    name: `random ${source.seed}:${n} ${kind} ${drawn.from}`,
    lines: drawn.lines,
    places: drawn.lines.map((_, i) => i + 2),
    kind,
  };
}

function draw(source: Source, dice: Dice): { from: string; lines: string[] } {
  const base = usable(source);
  const known = base.length > 0 && dice.chance(7, 10);
  const { from, lines } = known ? changed(base, dice) : wide(source, dice);
  const usual = lines.slice(0, LINES).map(unadorned);
  const possible = tidy(usual).filter((line) => can([line], source.without));
  return { from, lines: tidy([...possible, ...looks(possible)]) };
}

const usableBases = new WeakMap<Source, Source["base"]>();

/** The known scenes that need nothing that is not there. */
function usable(source: Source): Source["base"] {
  let base = usableBases.get(source);
  if (!base) {
    base = source.base.filter(({ lines }) => can(lines, source.without));
    usableBases.set(source, base);
  }
  return base;
}

/** The line without words after its arguments, such as the `r` of a read-only pin: no probe can take one by itself. */
function unadorned(line: string): string {
  const operation = readOperation(line);
  return lineOf({ ...operation, args: operation.args.slice(0, operation.shape?.length) });
}

function can(lines: readonly string[], without: ReadonlySet<string>): boolean {
  return !lines.some((line) => without.has(abilityOf(line) ?? ""));
}

function changed(base: Source["base"], dice: Dice): { from: string; lines: string[] } {
  const { name, lines } = dice.pick(base);
  const other = dice.pick(base);
  return { from: name.split(" ")[0]!, lines: mutated(lines, other.lines, dice) };
}

/** A scene of two themes. */
function wide({ without }: Source, dice: Dice): { from: string; lines: string[] } {
  const possible = (Object.keys(THEMES) as Theme[]).filter((theme) => !without.has(theme));
  const themes = [dice.pick(possible), dice.pick(possible)];
  const world = new World();
  const lines: string[] = [];
  const put = (line: string) => {
    if (!can([line], without) || !world.step(line)) return;
    lines.push(line);
  };
  const memory = dice.weighted({ priv: 8, shared: 1, pfile: 1, sfile: 1 });
  put(`P0 mmap a ${1 + dice.below(4)} ${memory}`);
  if (themes.includes("thp")) {
    put("P0 mmap h 512 priv");
    put("P0 madv h0 512 hugepage");
    put("P0 w h0 1");
  }
  for (const page of dice.chance(3, 4) ? [...world.live.get("P0")!.keys()].slice(0, 3) : []) {
    put(`P0 w ${page} ${1 + dice.below(9)}`);
  }
  const many = 6 + dice.below(13);
  for (let i = 0; i < many && world.live.size > 0; i++) {
    for (const line of drawOperation(world, themes, dice)) put(line);
  }
  return { from: [...new Set(themes)].join("+"), lines };
}

/** Looks at what a scene has come to: what each process, device and pipe reads, and which frames they have. */
function looks(lines: readonly string[]): string[] {
  const world = new World();
  for (const line of lines) world.step(line);
  const end = world.transfer ? [world.transfer.op === "dw" ? "* dwend" : "* drend 91"] : [];
  const pages = [...new Set([...world.live.values()].flatMap((mapped) => [...mapped.keys()]))];
  const first = pages.toSorted((a, b) => a[0]! < b[0]! ? -1 : a[0]! > b[0]! ? 1 : 0)[0];
  const shown = first ? [`* snap ${first} ${Math.min(pages.length, 3)}`] : [];
  const read = [...world.live].flatMap(([who, mapped]) =>
    [...mapped.keys()].slice(0, 2).map((page) => `${who} r ${page}`)
  );
  const held = [...world.pins].map(([ring]) => `* gr ${ring} 0`);
  const piped = [...world.pipes].flatMap(([pipe, many]) =>
    range("x0", many).map(() => `* pr ${pipe}`)
  );
  return [...end, ...shown, ...held, ...piped, ...read];
}
