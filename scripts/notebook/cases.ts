// What a chapter says of special cases, held against what its cells do: a case is a scene whose operations a machine of
// a cell really went through, or a paragraph that tells it and cites a source.
//
// The cells run in this process, with the simulator that watches what they do. What is compared is data: the same calls, by
// the same processes, on the same pages. How a page is pinned (FOLL_WRITE) and how many bytes are read is not.

import { runInThisContext } from "node:vm";
import * as sim from "../../sim/mod.ts";
import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import { bodyOf, lineIn } from "./body.ts";
import { hasSource } from "./sources.ts";
import { openChapter } from "./harness.ts";
import { cellsOf, type Chapter } from "./chapter.ts";
import { type Deeds, raceText, watch } from "./watch.ts";
import * as watched from "./watched.ts";
import { toClassic, weave } from "./weave.ts";

/** Where a chapter has a case: in a cell that goes through a scene, or in a paragraph with these words. */
export type Case = { cell: string; scene: string } | { told: string };

/** A case as the chapter has it: its line, and what is wrong with it. */
export interface Found {
  /** Of the cell or of the words; undefined when they are not there. */
  line?: number;
  problem?: Problem;
}

/** Operations of one machine. */
type Trace = readonly sim.Op[];

/** Looks each case up. Runs the chapter once, and nothing else may use the simulator meanwhile. */
export async function findCases(chapter: Chapter, cases: readonly Case[]): Promise<Found[]> {
  const names = new Set(cases.flatMap((one) => "cell" in one ? [one.cell] : []));
  const { deeds, stopped } = await run(chapter, names);
  const body = bodyOf(chapter);
  return cases.map((one) => {
    if ("cell" in one) return findScene(chapter, one, deeds, stopped);
    const words = one.told.split(/\s+/).map(RegExp.escape).join("\\s+");
    const places = body.blocks.flatMap((block) => {
      const at = block.sources ? -1 : block.text.search(new RegExp(words));
      return at < 0 ? [] : [{ block, line: lineIn(block, at) }];
    });
    const [place, another] = places;
    const wrong = (message: string, remedy: string) => ({
      ...place,
      problem: new Problem(message, { path: chapter.path, line: place?.line, remedy }),
    });
    if (!place) {
      return wrong(`no paragraph says "${one.told}"`, "Tell the case, or name what tells it now");
    }
    if (another) {
      return wrong(
        `two paragraphs say "${one.told}"`,
        `The other is at line ${another.line}: give words that only one of them has`,
      );
    }
    return hasSource(place.block)
      ? { line: place.line }
      : wrong("this case is told, and has no source", "Cite one, [words][id], in this paragraph");
  });
}

function findScene(
  chapter: Chapter,
  { cell: id, scene: name }: Extract<Case, { cell: string }>,
  deeds: ReadonlyMap<string, readonly Deeds[]>,
  stopped: string | undefined,
): Found {
  const { path, front } = chapter;
  const cells = cellsOf(chapter), cell = cells.find(({ marks }) => marks.id === id);
  if (!cell) {
    const remedy = didYouMean(id, cells.flatMap(({ marks }) => marks.id ?? []));
    return { problem: new Problem(`there is no cell \`${id}\``, { path, remedy }) };
  }
  const { line } = cell;
  const wrong = (message: string, remedy: string) => ({
    line,
    problem: new Problem(message, { path, line, remedy }),
  });
  const known = new Map([...sim.scenes, ...sim.races]), scene = known.get(name);
  if (!scene) return wrong(`there is no scene ${name}`, didYouMean(name, [...known.keys()]));
  const release = sim.releaseNamed(front.kernel);
  const { answers, trace } = sim.playScene(scene.lines, release);
  if (answers.includes(sim.UNAVAILABLE)) {
    return wrong(`the machine lacks operations of ${name}`, "The case can be told, not shown");
  }
  const operations = operationsIn(trace);
  const most = Math.max(
    0,
    ...(deeds.get(id) ?? []).map((deed) => done(name, operations, release, deed)),
  );
  if (most === operations.length) return { line };
  return wrong(
    `no machine of cell \`${id}\` goes through ${name}`,
    `${most} of ${operations.length} operations are there, then comes no ${
      sim.operationText(operations[most]!)
    }` +
      (stopped ? `\nThe chapter was stopped: ${stopped}` : ""),
  );
}

/** Runs a chapter up to the last of these cells. @returns what each of them did, and why the chapter was stopped */
async function run(
  chapter: Chapter,
  ids: ReadonlySet<string>,
): Promise<{ deeds: Map<string, readonly Deeds[]>; stopped?: string }> {
  const wanted = new Map(
    cellsOf(chapter).flatMap(({ index, marks: { id } }) =>
      id !== undefined && ids.has(id) ? [[index, id]] : []
    ),
  );
  const deeds = new Map<string, readonly Deeds[]>();
  let present = -1, stopped: string | undefined;
  const { enter, run } = openChapter({
    kernel: sim.eraNamed(chapter.front.kernel),
    last: Math.max(-1, ...wanted.keys()),
    post: (report) => {
      if (report.kind === "begin" || report.kind === "end") {
        const id = wanted.get(present), done = watch.take();
        if (id !== undefined) deeds.set(id, done);
      }
      if (report.kind === "begin") present = report.cell;
      if (report.kind === "error") stopped = `${report.error.name}: ${report.error.message}`;
    },
  });
  const load = (name: string) => {
    if (name === "sim") return watched;
    throw new Problem(`"${name}" may not be imported here`, { path: chapter.path });
  };
  const body = runInThisContext(toClassic(weave(chapter, "here")));
  await run(() => body(load, enter));
  return { deeds, stopped };
}

/** How many of a scene's operations, from the first, were done; all of them where the cell ran the scene itself. */
function done(name: string, operations: Trace, release: sim.Release, deed: Deeds): number {
  if ("scene" in deed) return deed.scene === name ? operations.length : 0;
  if ("lacks" in deed) return deed.lacks.startsWith(raceText(name)) ? operations.length : 0;
  if ("apart" in deed) return 0;
  return common(operations, operationsIn(sim.playScene(deed.lines, release).trace));
}

function operationsIn(trace: readonly sim.Event[]): sim.Op[] {
  return trace.filter((event): event is sim.Op => event.type === "op");
}

/** How many of the operations, from the first, a trace has one after the other, with nothing in between. */
function common(operations: Trace, trace: Trace): number {
  let most = 0;
  for (let from = 0; from < trace.length; from++) {
    const same = new Names();
    let count = 0;
    while (count < operations.length && same.are(operations[count]!, trace[from + count])) {
      count++;
    }
    most = Math.max(most, count);
  }
  return most;
}

/** By which call a scene's is told that a cell makes at a Lab: both pin pages. */
const ALIKE: Record<string, string> = { pin_user_pages: "io_uring_register" };
/** How pages are pinned, how much is read of what begins there, and how long the daemon is waited for. */
const NOT_COMPARED: readonly string[] = ["gup_flags", "fast", "length", "scans"];
/** Regions of a scene lie so far apart; a chapter has its own addresses. */
const REGION = 2 ** 30;

/** Which names of a scene are which names of a cell: one for one, and always the same. */
class Names {
  readonly #there = new Map<string, string>();
  readonly #back = new Map<string, string>();

  /** Are these the same operation, as far as is known by now? */
  are(ours: sim.Op, theirs: sim.Op | undefined): boolean {
    if (!theirs || ours.call !== (ALIKE[theirs.call] ?? theirs.call) && ours.call !== theirs.call) {
      return false;
    }
    const names = new Set([...Object.keys(ours.args), ...Object.keys(theirs.args)]);
    return [...names].filter((name) => !NOT_COMPARED.includes(name)).every((name) => {
      const operand = name as keyof sim.Operands;
      return this.#same(operand, ours.args[operand], theirs.args[operand]);
    });
  }

  #same(name: keyof sim.Operands, ours: unknown, theirs: unknown): boolean {
    switch (name) {
      case "flags":
        return (Number(ours) & ~sim.MAP_FIXED) === (Number(theirs) & ~sim.MAP_FIXED);
      case "pid":
      case "child":
      case "target":
        return this.#bound("process", ours, theirs);
      case "addr":
      case "to": {
        const inRegion = Number(ours) % REGION;
        return this.#bound("region", Number(ours) - inRegion, Number(theirs) - inRegion);
      }
      case "data":
      case "value":
      case "holder":
        return this.#bound(name, JSON.stringify(ours), JSON.stringify(theirs));
      default:
        return ours === theirs;
    }
  }

  #bound(kind: string, ours: unknown, theirs: unknown): boolean {
    const from = `${kind} ${ours}`, to = `${kind} ${theirs}`;
    if (!this.#there.has(from) && !this.#back.has(to)) {
      this.#there.set(from, to);
      this.#back.set(to, from);
    }
    return this.#there.get(from) === to && this.#back.get(to) === from;
  }
}
