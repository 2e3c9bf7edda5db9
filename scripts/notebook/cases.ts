// What a chapter says of special cases, held against what its cells do: a case is a scene whose operations a machine of
// a cell really went through, or a paragraph that tells it and cites a source.
//
// The cells run in this process, on its own copy of the simulator, whose machines are watched for as long. A cell that
// runs a scene by its name has the scene's lines in its machine's trace. One that works at a Lab has calls, which are
// compared by what they do, to whom, and where. What the trace of a call does not say (FOLL_WRITE) is not compared.

import { runInThisContext } from "node:vm";
import * as sim from "../../sim/mod.ts";
import { didYouMean } from "../nearest.ts";
import { Problem } from "../problem.ts";
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

/** Operations of one machine, in the words of its trace. */
type Trace = readonly string[];

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
  if (sim.runScene(scene.lines, sim.releaseNamed(front.kernel)).includes(sim.UNAVAILABLE)) {
    return wrong(`the machine lacks operations of ${name}`, "The case can be told, not shown");
  }
  const operations = operationsOf(scene);
  const most = Math.max(0, ...(traces.get(id) ?? []).map((trace) => common(operations, trace)));
  if (most === operations.length) return { line };
  return wrong(
    `no machine of cell \`${id}\` goes through ${name}`,
    `${most} of ${operations.length} operations are there, then comes no ${operations[most]}` +
      (stopped ? `\nThe chapter was stopped: ${stopped}` : ""),
  );
}

/** Runs a chapter up to the last of these cells. @returns the traces that each of them made, and why it was stopped */
async function watch(
  chapter: Chapter,
  ids: ReadonlySet<string>,
): Promise<{ traces: Map<string, string[][]>; stopped?: string }> {
  const wanted = new Map(
    cellsOf(chapter).flatMap(({ index, marks: { id } }) =>
      id !== undefined && ids.has(id) ? [[index, id]] : []
    ),
  );
  const machines = new Map<sim.Machine, { cell: number; trace: string[] }>();
  let present = -1, stopped: string | undefined;
  const { scope, run } = openChapter({
    kernel: sim.eraNamed(chapter.front.kernel),
    last: Math.max(-1, ...wanted.keys()),
    post: (report) => {
      if (report.kind === "begin") present = report.cell;
      if (report.kind === "error") stopped = `${report.error.name}: ${report.error.message}`;
    },
  });
  const load = (name: string) => {
    if (name === "sim") return sim;
    throw new Problem(`"${name}" may not be imported here`, { path: chapter.path });
  };
  const body = runInThisContext(toClassic(weave(chapter)));
  const { op } = sim.Machine.prototype;
  sim.Machine.prototype.op = function (...words) {
    op.call(this, ...words);
    const event = this.trace.at(-1);
    const made = machines.get(this) ?? { cell: present, trace: [] };
    machines.set(this, made);
    // What a later cell does with the machine is not this cell's.
    if (event?.type === "op" && wanted.has(present) && made.cell === present) {
      made.trace.push(sim.sentence(event));
    }
  };
  try {
    await run(() => body(load, () => scope));
  } finally {
    sim.Machine.prototype.op = op;
  }
  const traces = new Map<string, string[][]>();
  for (const { cell, trace } of machines.values()) {
    const id = wanted.get(cell);
    if (id !== undefined) traces.set(id, [...traces.get(id) ?? [], trace]);
  }
  return { traces, stopped };
}

/** What a machine that runs a scene has in its trace: a race is an order, no operation. */
function operationsOf({ lines }: sim.Scene): string[] {
  return lines.map((line) => line.replace(/\s+/g, " ")).filter((line) =>
    !/^(?:race|end)\b/.test(line)
  );
}

/** How many of the operations, from the first, a trace has one after the other, with nothing in between. */
function common(operations: readonly string[], trace: Trace): number {
  let most = 0;
  for (let from = 0; from < trace.length; from++) {
    const same = new Names();
    let count = 0;
    while (count < operations.length && same.are(operations[count]!, trace[from + count] ?? "")) {
      count++;
    }
    most = Math.max(most, count);
  }
  return most;
}

/** An operation of a scene, and what the Lab says when it does the same. A word in capitals stands for a name. */
const CALLS = [
  ["WHO mmap PAGE COUNT priv", "mmap(pid WHO, PAGE, COUNT)"],
  ["WHO mmap PAGE COUNT shared", "mmap(pid WHO, PAGE, COUNT, MAP_SHARED)"],
  ["WHO munmap PAGE COUNT", "munmap(pid WHO, PAGE, COUNT)"],
  ["WHO mprot PAGE COUNT PROT", "mprotect(pid WHO, PAGE, COUNT, PROT)"],
  ["WHO madv PAGE COUNT ADVICE", "madvise(pid WHO, PAGE, COUNT, ADVICE)"],
  ["WHO w PAGE VALUE", "store(pid WHO, PAGE, VALUE)"],
  ["WHO r PAGE", "load(pid WHO, PAGE, LENGTH)"],
  ["WHO fork CHILD", "fork(pid WHO), the child is pid CHILD"],
  ["WHO exit", "exit(pid WHO)"],
  ["WHO vms PAGE PIPE", "vmsplice(pid WHO, PAGE) into PIPE"],
  ["WHO pin PAGE COUNT HOLDER", "pin_user_pages(pid WHO, PAGE, COUNT) for HOLDER"],
  ["WHO pin PAGE COUNT HOLDER", "io_uring_register(pid WHO, PAGE, COUNT) as HOLDER"],
  ["* gr HOLDER 0", "HOLDER reads"],
  ["* gw HOLDER 0 VALUE", "HOLDER writes VALUE"],
  ["* pr PIPE", "PIPE is read"],
  ["* ksm", "ksmd scans"],
].map(([operation, call]) => [pattern(operation!, "\\S+"), pattern(call!, ".+")] as const);

function pattern(text: string, name: string): RegExp {
  const parts = text.split(/\b([A-Z]{3,})\b/).map((part, at) =>
    at % 2 === 0 ? RegExp.escape(part) : `(?<${part}>${name})`
  );
  return new RegExp(`^${parts.join("")}$`);
}

/** Which names of a scene are which names of a trace: one for one, and always the same. */
class Names {
  readonly #there = new Map<string, string>();
  readonly #back = new Map<string, string>();

  /** Are these the same operation, as far as is known by now? */
  are(operation: string, said: string): boolean {
    if (operation === said) return true;
    return CALLS.some(([ours, theirs]) => {
      const a = ours.exec(operation), b = theirs.exec(said);
      if (!a || !b) return false;
      return Object.entries(a.groups ?? {}).every(([kind, name]) =>
        this.#same(kind, name, b.groups![kind]!)
      );
    });
  }

  #same(kind: string, ours: string, theirs: string): boolean {
    switch (kind) {
      case "COUNT":
        return theirs === `${ours} page${ours === "1" ? "" : "s"}`;
      case "PROT":
        return theirs === { r: "r-", rw: "rw", none: "--" }[ours];
      case "ADVICE":
        return Number(theirs) === (sim as Record<string, unknown>)[`MADV_${ours.toUpperCase()}`];
      case "PAGE": {
        const [, region, page] = /^([a-z])(\d*)$/.exec(ours) ?? [];
        return this.#bound(
          "region",
          region!,
          String(Number(theirs) - Number(page) * sim.PAGE_SIZE),
        );
      }
      default:
        return this.#bound(kind === "CHILD" ? "WHO" : kind, ours, theirs);
    }
  }

  #bound(kind: string, ours: string, theirs: string): boolean {
    const from = `${kind} ${ours}`, to = `${kind} ${theirs}`;
    if (!this.#there.has(from) && !this.#back.has(to)) {
      this.#there.set(from, to);
      this.#back.set(to, from);
    }
    return this.#there.get(from) === to && this.#back.get(to) === from;
  }
}
