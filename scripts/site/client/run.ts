/// <reference lib="dom" />
// Loaded when somebody is about to run a cell, with what shows what came of it. Runs cells from nothing: each run has a
// worker of its own, which the run before it has made ready, and which ends with it.

import type { CellResult } from "../../notebook/harness.ts";
import { hints } from "../../notebook/reports.ts";
import { load } from "./load.ts";
import { isSaid } from "./report.ts";
import { type Guest, start } from "./sandbox.ts";
import type { PageCell, strip } from "./strip.ts";
import { watch } from "./watchdog.ts";
import type { Cells } from "./worker.ts";

export { show } from "./output.ts";

/** What to run. */
export interface Job {
  /** The way to the site's root, "" or "../". */
  root: string;
  /** The name of the era it runs under. */
  kernel: string;
  /** The text of the function that runs the chapter's own cells, which the page never runs. */
  own: string;
  /** The cells up to the last that is to run. */
  cells: PageCell[];
  /** Told what became of a cell when the next one begins; of the last one the outcome tells. */
  ended(result: CellResult): void;
}

/** Something that ended a run early, in one of its cells. */
export interface Failure {
  cell: number;
  message: string;
  /** Where, as far as is known: in that cell, or in what it called of one above. Lines are counted from 1. */
  at?: { cell: number; line: number };
}

/** What a run came to. */
export interface Outcome {
  /** What became of the last cell that began, if one did. */
  last?: CellResult;
  failure?: Failure;
}

/** What our scripts leave for us in the page. */
const page = globalThis as unknown as {
  pinnedMachine: () => void;
  pinned_strip: (name: "main") => { strip: typeof strip };
};

/** A worker that has the machine, and waits for cells. */
let spare: Guest | undefined;

/** Makes a worker ready for the next run; `assets/machine.js` is there. */
export function warm(): void {
  spare ??= start(`(${page.pinnedMachine})();\npinned_worker("main").wait();\n`);
}

let turns = 0;
let replace = () => {};

/** Runs a job; one that is still running is ended, and comes to nothing. */
export async function run(job: Job): Promise<Outcome | undefined> {
  const turn = ++turns;
  replace();
  warm();
  const text = await textOf(job);
  // Where several wait for what is loaded, the last one runs.
  if (turn !== turns) return undefined;
  if (typeof text !== "string") return { failure: text };
  warm();
  const guest = spare!;
  spare = undefined;
  const outcome = await listen(guest, text, job);
  warm();
  return outcome;
}

/** The text of the function that runs the cells: made when the site was built, or here and now. */
async function textOf({ root, cells, own }: Job): Promise<string | Failure> {
  if (!cells.some(({ edited }) => edited)) return own;
  await load(`${root}assets/strip.js`);
  const text = page.pinned_strip("main").strip(cells);
  if (typeof text === "string") return text;
  return { cell: text.cell, message: `SyntaxError: ${text.message}`, at: text };
}

function listen(guest: Guest, text: string, job: Job): Promise<Outcome | undefined> {
  const { cells, kernel } = job;
  const order: Cells = { text, kernel, last: cells.length - 1 };
  return new Promise((resolve) => {
    let now: CellResult | undefined;
    let failure: Failure | undefined;
    let ended = false;
    const close = () => {
      replace = () => {};
      watchdog.end();
      guest.end();
    };
    const end = (cut?: Failure) => {
      close();
      const why = cut ?? failure;
      resolve({ ...now && { last: now }, ...why && { failure: why } });
    };
    const stop = (message: string) => end({ cell: now?.index ?? 0, message });
    const watchdog = watch((what, how) =>
      stop(
        `Stopped: ${
          !now
            ? `the simulator did not start while ${how}.`
            : ended
            ? `after the last cell something still ran while ${how}. End timers in the cell that starts them.`
            : what === "cell"
            ? `while this cell gave no answer, ${how}. Is there a loop that never ends, or does the cell wait for something?`
            : `while the cells ran, ${how}.`
        }`,
      )
    );
    const placed = (line: number | undefined): Failure["at"] => {
      const cell = line === undefined ? -1 : cells.findLastIndex((one) => one.line < line);
      return cell < 0 ? undefined : { cell, line: line! - cells[cell]!.line };
    };
    replace = () => {
      close();
      resolve(undefined);
    };
    guest.hear((data) => {
      const said: unknown = data;
      // Each report is about the cell that runs, and no cell runs twice: else some code speaks that is not ours.
      if (!isSaid(said) || "cell" in said && !isNext(said, now?.index ?? -1, order.last)) {
        return stop("Stopped: what the sandbox said is no report of a run.");
      }
      switch (said.kind) {
        case "begin":
          watchdog.begin();
          if (now) job.ended(now);
          return now = { index: said.cell, items: [] };
        case "item":
          return now!.items.push(said.item);
        case "count":
          return (now!.counts ??= {})[said.name] = said.count;
        case "error": {
          const { name, message, line } = said.error;
          const hint = Object.hasOwn(hints, name) && hints[name];
          const told = hint
            ? `This cell ${message}.\n  ${hint}.`
            : `${name && `${name}: `}${message}`;
          return failure ??= { cell: Math.max(said.cell, 0), message: told, at: placed(line) };
        }
        case "unreadable": {
          const at = placed(said.line), message = said.message.replace(/^Uncaught /, "");
          return end({ cell: at?.cell ?? 0, message, at });
        }
        case "broken":
          return stop(`The simulator does not start: ${said.message}`);
        case "flood":
          return stop("Stopped: the cells said more than a page can hold.");
        case "end":
          return ended = true;
        case "rest":
          return end();
      }
    });
    guest.tell(order);
  });
}

function isNext(said: { kind: string; cell: number }, now: number, last: number): boolean {
  if (said.kind === "begin") return said.cell > now && said.cell <= last;
  return said.cell === now && (now >= 0 || said.kind === "error");
}
