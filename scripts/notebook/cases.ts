// What a chapter says of special cases, held against what its cells do: a case is a scene whose operations a machine of
// a cell really went through, or a paragraph that tells it and cites a source.
//
// The cells run in this process. The simulator that they are given notes which machines they make and which scenes they
// run; what these went through is in their traces, as data: the same calls, by the same processes, on the same pages. How a
// page is pinned (FOLL_WRITE) and how many bytes are read is not compared.

import { runInThisContext } from "node:vm";
import * as sim from "../../sim/mod.ts";
import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import { bodyOf, lineIn } from "./body.ts";
import { hasSource } from "./claims.ts";
import { openChapter } from "./harness.ts";
import { cellsOf, type Chapter } from "./markdown.ts";
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
  const { traces, stopped } = await watch(chapter, names);
  const body = bodyOf(chapter);
  return cases.map((one) => {
    if ("cell" in one) return findScene(chapter, one, traces, stopped);
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
  traces: ReadonlyMap<string, readonly Trace[]>,
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
  const { answers, trace } = sim.playScene(scene.lines, sim.releaseNamed(front.kernel));
  if (answers.includes(sim.UNAVAILABLE)) {
    return wrong(`the machine lacks operations of ${name}`, "The case can be told, not shown");
  }
  const operations = operationsIn(trace);
  const most = Math.max(0, ...(traces.get(id) ?? []).map((trace) => common(operations, trace)));
  if (most === operations.length) return { line };
  return wrong(
    `no machine of cell \`${id}\` goes through ${name}`,
    `${most} of ${operations.length} operations are there, then comes no ${
      sim.operationText(operations[most]!)
    }` +
      (stopped ? `\nThe chapter was stopped: ${stopped}` : ""),
  );
}

/** Runs a chapter up to the last of these cells. @returns the traces that each of them made, and why it was stopped */
async function watch(
  chapter: Chapter,
  ids: ReadonlySet<string>,
): Promise<{ traces: Map<string, Trace[]>; stopped?: string }> {
  const wanted = new Map(
    cellsOf(chapter).flatMap(({ index, marks: { id } }) =>
      id !== undefined && ids.has(id) ? [[index, id]] : []
    ),
  );
  const traces = new Map<string, Trace[]>(), labs = new Set<sim.Lab>();
  let present = -1, stopped: string | undefined;
  const note = (trace: readonly sim.Event[]) => {
    const id = wanted.get(present);
    if (id !== undefined) traces.set(id, [...traces.get(id) ?? [], operationsIn(trace)]);
  };
  // A machine is the cell's that first works at it; what a later cell does with it is not this cell's.
  const cellEnds = () => {
    for (const lab of labs) {
      if (!lab.trace.some(({ type }) => type === "op")) continue;
      note(lab.trace);
      labs.delete(lab);
    }
  };
  const { scope, run } = openChapter({
    kernel: sim.eraNamed(chapter.front.kernel),
    last: Math.max(-1, ...wanted.keys()),
    post: (report) => {
      if (report.kind === "begin") {
        cellEnds();
        present = report.cell;
      }
      if (report.kind === "error") stopped = `${report.error.name}: ${report.error.message}`;
    },
  });
  const watched = watchedSim((lab) => labs.add(lab), note);
  const load = (name: string) => {
    if (name === "sim") return watched;
    throw new Problem(`"${name}" may not be imported here`, { path: chapter.path });
  };
  const body = runInThisContext(toClassic(weave(chapter)));
  await run(() => body(load, () => scope));
  cellEnds();
  return { traces, stopped };
}

/** The simulator, which tells of every Lab that is made, and of what every scene that is run went through. */
function watchedSim(
  made: (lab: sim.Lab) => void,
  ran: (trace: readonly sim.Event[]) => void,
): typeof sim {
  class Lab extends sim.Lab {
    constructor(...args: ConstructorParameters<typeof sim.Lab>) {
      super(...args);
      made(this);
    }
  }
  const play = (lines: readonly string[], release: sim.Release) => {
    const played = sim.playScene(lines, release);
    ran(played.trace);
    return played;
  };
  return {
    ...sim,
    Lab,
    playScene: play,
    runScene: (lines, release) => play(lines, release).answers,
    outcome: (scene, release) => (play(scene.lines, release), sim.outcome(scene, release)),
    explore: (scene, release, options) => {
      play(scene.lines, release);
      return sim.explore(scene, release, options);
    },
    replay: (scene, release, schedule) => {
      const replayed = sim.replay(scene, release, schedule);
      ran(replayed.trace);
      return replayed;
    },
  };
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
