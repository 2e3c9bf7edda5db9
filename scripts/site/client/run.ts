/// <reference lib="dom" />
// Runs cells from nothing: fetches what is needed the first time, opens a sandbox, and listens until it ends or hangs.

import type { CellResult, Report } from "../../notebook/harness.ts";
import { srcdoc, type Start, type Word } from "./frame.ts";
import type { PageCell, strip } from "./strip.ts";
import { ROUNDS, yardstick } from "./yardstick.ts";

/**
 * After so long without an answer a cell is measured, in milliseconds of the clock; what ends it is the yardstick. The
 * clock itself is the last resort: for a machine that does not start, and where nothing is measured.
 */
const measureMs = 1_000, lastResortMs = 120_000;

/** What to run. */
export interface Job {
  /** The way to the site's root, "" or "../". */
  root: string;
  /** The chapter's slug, and the name of the era it runs under. */
  chapter: string;
  kernel: string;
  /** The cells up to the last that is to run. */
  cells: PageCell[];
  /** Whether one of them is not the chapter's own. */
  edited: boolean;
}

/** Something that ended a run early, in one of its cells. */
export interface Failure {
  cell: number;
  message: string;
}

/** What a run came to. */
export interface Outcome {
  /** A result for each cell that began. */
  results: CellResult[];
  failure?: Failure;
}

/** What our scripts leave for us in the page. */
const page = globalThis as unknown as {
  pinnedMachine: () => void;
  /** What a chapter's script calls with the text of the function that runs its cells, which the page never runs. */
  pinnedCells: (text: string) => void;
  pinned_strip: (name: "main") => { strip: typeof strip };
};

let close = () => {};

/** Runs a job; one that is still running is ended, and its promise is left pending for ever. */
export async function run(job: Job): Promise<Outcome> {
  close();
  const last = job.cells.length - 1;
  await load(`${job.root}assets/machine.js`);
  const text = await textOf(job);
  if (typeof text !== "string") return { results: [], failure: text };
  // The cells come first: a line of the worker is a line of the cells.
  const code = `const cells = ${text};\n(${page.pinnedMachine})();\n` +
    `pinned_worker("main").start(cells, ${JSON.stringify(job.kernel)}, ${last});\n`;
  return await listen(code, job.cells, text.split("\n").length);
}

/** The text of the chapter's own cells, once it is loaded: a page has one chapter. */
let own = "";

/** The text of the function that runs the cells: made when the site was built, or here and now. */
async function textOf({ root, chapter, cells, edited }: Job): Promise<string | Failure> {
  if (!edited) {
    page.pinnedCells = (text) => own = text;
    await load(`${root}chapters/${chapter}.run.js`);
    return own;
  }
  await load(`${root}assets/strip.js`);
  const text = page.pinned_strip("main").strip(cells);
  if (typeof text === "string") return text;
  return { cell: text.cell, message: `SyntaxError: ${text.message}${lineOf(text)}` };
}

const loading = new Map<string, Promise<void>>();

/** Loads one of our scripts, once; a failure is forgotten, so that the next click tries again. */
function load(address: string): Promise<void> {
  const known = loading.get(address);
  if (known) return known;
  const loaded = new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve();
    script.onerror = () => {
      loading.delete(address);
      reject(new Error(`${address} cannot be loaded.`));
    };
    document.head.append(script);
  });
  loading.set(address, loaded);
  return loaded;
}

function listen(code: string, cells: readonly PageCell[], lines: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const results: CellResult[] = [];
    let failure: Failure | undefined;
    let timers: ReturnType<typeof setTimeout>[] = [], rounds = 0, measured = false;
    const frame = document.createElement("iframe");
    const end = (cut?: Failure) => {
      close();
      resolve({ results, ...((cut ?? failure) && { failure: cut ?? failure }) });
    };
    const start = (worker: Start) => frame.contentWindow!.postMessage(worker, "*");
    const stop = (how: string) =>
      end({ cell: results.at(-1)?.index ?? 0, message: `Stopped: ${how}` });
    const silent = () =>
      stop(
        `${results.length > 0 ? "this cell gave no answer" : "the simulator did not start"} ` +
          `for ${lastResortMs / 1000} seconds of the clock.`,
      );
    const measure = () => {
      rounds = 0;
      if (!measured) start({ name: "yardstick", text: yardstick });
      measured = true;
    };
    const wait = () => {
      timers.forEach(clearTimeout);
      timers = [setTimeout(silent, lastResortMs)];
      if (results.length > 0) timers.push(setTimeout(measure, measureMs));
    };
    const hear = ({ source, data: word }: MessageEvent<Word<Said>>) => {
      if (source !== frame.contentWindow) return;
      if (word.name === "yardstick") {
        if (++rounds === ROUNDS) {
          stop(
            "while this cell gave no answer, the browser did some three seconds of other work. " +
              "Is there a loop that never ends, or does the cell wait for something?",
          );
        }
        return;
      }
      const { data } = word, result = results.at(-1);
      if (data.kind === "begin") {
        results.push({ index: data.cell, items: [] });
        rounds = 0;
        wait();
      } else if (data.kind === "item") result?.items.push(data.item);
      else if (data.kind === "count" && result) {
        result.counts = { ...result.counts, [data.name]: data.count };
      } else if (data.kind === "error") failure = describe(data.cell, data.error);
      else if (data.kind === "broken" && data.line > lines) {
        end({ cell: 0, message: `The simulator does not start: ${data.message}` });
      } else if (data.kind === "broken") end(describe(cellAt(data.line), { name: "", ...data }));
      else end();
    };
    const describe = (cell: number, { name, message, stack, line }: Thrown): Failure => {
      const at = line ?? lineIn(stack, lines);
      const start = cells[Math.max(cell, 0)]!.line;
      const where = at === undefined
        ? ""
        : lineOf({ cell: cellAt(at), line: at - (cells[cellAt(at)]?.line ?? start) });
      return { cell: Math.max(cell, 0), message: `${name ? `${name}: ` : ""}${message}${where}` };
    };
    const cellAt = (line: number) => Math.max(0, cells.findLastIndex((cell) => cell.line <= line));
    close = () => {
      timers.forEach(clearTimeout);
      removeEventListener("message", hear);
      frame.remove(); // and with it the worker, whatever it is doing
      close = () => {};
    };
    addEventListener("message", hear);
    frame.hidden = true;
    frame.title = "The sandbox in which the cells run";
    frame.sandbox.add("allow-scripts");
    frame.srcdoc = srcdoc;
    frame.onload = () => start({ name: "cells", text: code });
    document.body.append(frame);
    wait();
  });
}

/** What the cells' worker says, or the frame of it. */
type Said = Report | { kind: "broken"; message: string; line: number };

interface Thrown {
  name: string;
  message: string;
  stack?: string;
  line?: number;
}

/** The innermost line of a stack that is in the cells and not in the machine, which stands below them. */
function lineIn(stack: string | undefined, lines: number): number | undefined {
  const found = [...(stack ?? "").matchAll(/blob:[^\s)]*?:(\d+):\d+/g)].map((match) =>
    Number(match[1])
  );
  return found.find((line) => line <= lines);
}

function lineOf({ cell, line }: { cell: number; line: number }): string {
  return `\n  at cell ${cell + 1}, line ${line}`;
}
