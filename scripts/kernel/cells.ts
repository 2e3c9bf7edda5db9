// What the cells of the chapters have machines do, as scenes in a file: `deno task chapter --accept` writes it, real kernels
// are asked the same, and of each cell it is said what came of that. Printing and parsing are each other's inverse.

import { type Level, releaseNamed } from "../../sim/mod.ts";
import { type Deeds, linesOf } from "../notebook/watch.ts";
import { textAt, unlessMissing } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";
import { alike, machineAnswers } from "./compare.ts";
import type { KernelRecord } from "./record.ts";
import { byVersion } from "./release.ts";
import type { Outcome } from "./replay.ts";
import type { FileScene } from "./scenes.ts";
import { seenOn } from "./seen.ts";

/** Where it stands. */
export const CELLS = "chapters/cells.scene";

/** A cell and what it has machines do. */
export interface Cell {
  /** Its chapter and its id, `owners/first-store`. */
  readonly name: string;
  readonly deeds: readonly Deeds[];
}

const HEAD =
  `# What the cells of the chapters have machines do, each from the beginning of its machine: for kernels to be asked the same.
# Written by \`deno task chapter --accept\`, and by nobody else.
`;
const KINDS = ["scene", "lacks", "apart"] as const;

/** The text of the file. */
export function printCells(cells: readonly Cell[]): string {
  return [HEAD, ...cells.flatMap(blocks)].join("\n");
}

function blocks({ name, deeds }: Cell): string[] {
  const scenes = deeds.flatMap((deed) => "lines" in deed ? [deed.lines] : []);
  const notes = deeds.flatMap((deed) =>
    KINDS.flatMap((kind) =>
      kind in deed ? [`# ${kind}: ${(deed as Record<string, string>)[kind]}`] : []
    )
  );
  return (scenes.length > 0 ? scenes : [[]]).map((lines, at) =>
    [`=== ${sceneName(name, at)}`, ...at === 0 ? notes : [], ...lines, ""].join("\n")
  );
}

/** The name of a cell's scene, of which it may have several. */
function sceneName(cell: string, at: number): string {
  return at === 0 ? cell : `${cell} ${at + 1}`;
}

/** Reads the file. @throws Problem for a line that has no place in it */
export function parseCells(text: string, path = CELLS): Cell[] {
  return cellsIn(scenesIn(text, path));
}

/** The cells whose scenes these are. */
function cellsIn(blocks: readonly Block[]): Cell[] {
  return blocks.reduce<Cell[]>((cells, { name, notes, lines }) => {
    const [, cell = name, nth] = name.match(/^(\S+) (\d+)$/) ?? [];
    const deeds: Deeds[] = [...notes, ...lines.length > 0 ? [{ lines }] : []];
    const before = cells.at(-1);
    if (nth === undefined || before?.name !== cell) return [...cells, { name, deeds }];
    return cells.with(-1, { name: cell, deeds: [...before.deeds, ...deeds] });
  }, []);
}

interface Block extends FileScene {
  readonly notes: readonly Exclude<Deeds, { lines: unknown }>[];
}

/** The scenes of the file, each by its name, and what stands in it beside their lines. */
function scenesIn(text: string, path: string): Block[] {
  const found: (Block & { notes: Deeds[]; lines: string[]; places: number[] })[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    const name = line.match(/^=== (\S.*)$/)?.[1], last = found.at(-1);
    const [, kind, what] = line.match(/^# (scene|lacks|apart): (.+)$/) ?? [];
    if (name) found.push({ name, path, notes: [], lines: [], places: [] });
    else if (last && kind) last.notes.push({ [kind]: what! } as Deeds);
    else if (last && line !== "" && !line.startsWith("#")) {
      last.lines.push(line);
      last.places.push(at + 1);
    } else if (line !== "" && (last || !line.startsWith("# "))) {
      throw new Problem(`this has no place among the scenes of cells: ${line}`, {
        path,
        line: at + 1,
        remedy: "Run `deno task chapter --accept`",
      });
    }
  }
  return found as Block[];
}

/** The cells, and their scenes to be replayed; none where there is no such file. */
export async function readCells(path = CELLS): Promise<{ cells: Cell[]; scenes: FileScene[] }> {
  const text = await unlessMissing(textAt(path)) ?? "";
  const all = scenesIn(text, path);
  const scenes = all.filter(({ lines }) => lines.length > 0);
  return {
    cells: cellsIn(all),
    scenes: scenes.map(({ name, lines, places }) => ({ name, lines, places, path })),
  };
}

/** The names of a cell's scenes, its own and those that it shows. */
export function scenesOf({ name, deeds }: Cell): string[] {
  const own = deeds.filter((deed) => "lines" in deed).map((_, at) => sceneName(name, at));
  return [...own, ...deeds.flatMap((deed) => "scene" in deed ? [deed.scene] : [])];
}

/** The first reason of a sort why a cell cannot be replayed. */
function reasonOf({ deeds }: Cell, sort: "apart" | "lacks"): string | undefined {
  return deeds.flatMap((deed) => (deed as Partial<Record<string, string>>)[sort] ?? [])[0];
}

/** What came of a cell on a kernel; `why` says it of those that could not be replayed, or not be judged. */
export interface CellVerdict {
  readonly cell: string;
  readonly verdict: "agrees" | "differs" | "unavailable" | "apart";
  readonly why?: string;
}

/** What came of each cell. A cell with a proposal or a driver of its own stands apart, whatever else is in it. */
export function cellVerdicts(
  cells: readonly Cell[],
  outcomes: readonly Outcome[],
): CellVerdict[] {
  const verdicts = new Map(outcomes.map(({ scene, verdict }) => [scene.name, verdict]));
  return cells.map((cell): CellVerdict => {
    const apart = reasonOf(cell, "apart");
    if (apart) return { cell: cell.name, verdict: "apart", why: apart };
    const all = scenesOf(cell).map((name) => verdicts.get(name));
    if (all.some((one) => one?.verdict === "differs")) {
      return { cell: cell.name, verdict: "differs" };
    }
    const missing = all.flatMap((one) => one?.verdict === "unavailable" ? [one.why] : []);
    const why = reasonOf(cell, "lacks") ?? missing[0] ??
      (all.includes(undefined) ? "not replayed" : undefined);
    return why === undefined
      ? { cell: cell.name, verdict: "agrees" }
      : { cell: cell.name, verdict: "unavailable", why };
  });
}

/**
 * What a reader is told of a cell's operations: whether kernels on which they were seen answer as the cell's machines do,
 * or why they were seen on none.
 *
 * @param deeds what the cell had its machines do just now, with what came of it; without, nothing is compared
 */
export function replayedText(
  cell: Cell,
  records: readonly KernelRecord[],
  deeds: readonly Deeds[] = [],
): string {
  const apart = reasonOf(cell, "apart"), lacks = reasonOf(cell, "lacks");
  if (apart) return `these operations use ${apart}: no kernel can be asked`;
  if (lacks) return `these operations were not replayed: ${lacks}`;
  const names = scenesOf(cell);
  const seen = records.map(({ release }) => release).toSorted(byVersion).filter((release) =>
    names.every((name) => seenOn(records, name).includes(release))
  );
  if (seen.length > 0) {
    const said = Map.groupBy(seen, (release) => besideText(deeds, release));
    return [...said].map(([does, all]) =>
      `${all.join(", ")} ${all.length > 1 ? "each " : ""}${does}: seen`
    ).join("; ");
  }
  const entries = records.flatMap(({ entries }) => entries).filter(({ name }) =>
    names.includes(name)
  );
  const differs = entries.find(({ verdict }) => verdict === "differs");
  if (differs) return `these operations: a kernel answered otherwise, ${differs.why}`;
  const why = entries.find(({ verdict }) => verdict === "unavailable")?.why;
  return why
    ? `these operations were not replayed: ${why}`
    : "these operations: seen on no kernel yet";
}

/** Whether a release does what a cell's machines did: it answers by its own rules, the cell by those of its machines. */
function besideText(deeds: readonly Deeds[], release: string): string {
  const same = new Set<string>(), other = new Set<string>();
  let alikeToPrograms = true;
  for (const deed of deeds) {
    const lines = "lines" in deed ? deed.lines : "scene" in deed ? linesOf(deed.scene) : [];
    for (const { by, answers } of "came" in deed ? deed.came ?? [] : []) {
      const theirs = machineAnswers(lines, releaseNamed(release));
      const does = (level: Level) =>
        theirs.every((answer, at) => alike(answer, answers[at], level));
      (does("frames") ? same : other).add(by || "the cell's own rules");
      alikeToPrograms &&= does("bytes");
    }
  }
  for (const name of other) same.delete(name);
  const list = (names: Set<string>) => [...names].join(", ");
  if (other.size === 0) return same.size > 0 ? "does the same" : "does this by its own rules";
  if (same.size > 0) {
    return `does the same as ${list(same)}, and answers otherwise than ${list(other)}`;
  }
  return alikeToPrograms
    ? "reads the same, and faults or copies otherwise, by its own rules"
    : "answers otherwise, by its own rules";
}
