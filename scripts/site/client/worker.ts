// Runs in the sandbox's worker: the simulator, and what stands around a cell. It is started before anybody needs it, and
// runs the cells of one order.

import * as sim from "../../../sim/mod.ts";
import { openChapter, type Opened, type Report } from "../../notebook/harness.ts";
import { bare } from "./bare.ts";
import { countTimers } from "./timers.ts";

/** What the page orders, once. */
export interface Cells {
  /** A woven chapter as `toClassic()` of weave.ts makes it. */
  text: string;
  /** The name of an era. */
  kernel: string;
  /** The number of the last cell that is to run. */
  last: number;
}

/** What the worker tells of a run beside the harness's reports. */
export type Told =
  /** The cells do not parse, in this line of their text. */
  | { kind: "unreadable"; message: string; line: number }
  /** The cells have ended, and nothing that they started is left to do. */
  | { kind: "rest" };

/** The text as a function. */
type Body = (
  require: (name: string) => unknown,
  chapter: Opened<sim.Era>["enter"],
) => Promise<void>;

/** Waits for the order. */
export function wait(): void {
  // All that we need of the browser, taken before a cell can replace it, and taken away from the cells.
  const { importScripts, addEventListener, Blob, URL } = globalThis as unknown as Host;
  const { createObjectURL, revokeObjectURL } = URL;
  const send = postMessage as (said: Report | Told) => void;
  const atRest = countTimers();
  addEventListener("message", ({ data }) => {
    const { text, kernel, last } = data as Cells;
    const address = createObjectURL(new Blob([`pinnedCells(${text}\n);`]));
    const post = (report: Report) =>
      send(report.kind === "error" ? inLine(report, `${address}:`) : report);
    const chapter = openChapter({ kernel: sim.eraNamed(kernel), last, post });
    let body: Body | undefined;
    Object.assign(globalThis, { pinnedCells: (given: Body) => body = given });
    addEventListener("error", (event) => {
      event.preventDefault();
      if (body) chapter.fail(event.error);
      else send({ kind: "unreadable", message: event.message, line: event.lineno });
    });
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      chapter.fail(event.reason);
    });
    importScripts(address); // what it throws becomes an event, which knows the line
    revokeObjectURL(address);
    Reflect.deleteProperty(globalThis, "pinnedCells");
    void finish(chapter.run(() => body!(provide, chapter.enter)));
  });
  bare();

  async function finish(running: Promise<void>) {
    await running;
    await atRest();
    send({ kind: "rest" });
  }
}

/** What we take of a worker's surroundings. */
interface Host {
  importScripts(address: string): void;
  addEventListener(kind: string, listener: (event: Happened) => void): void;
  Blob: typeof Blob;
  URL: typeof URL;
}

/** What we read of events, each of its own kind. */
interface Happened {
  data: unknown;
  error: unknown;
  reason: unknown;
  message: string;
  lineno: number;
  preventDefault(): void;
}

/** An error with the innermost line that is the cells' own instead of its stack, whose other lines are the machine's. */
function inLine(report: Report & { kind: "error" }, address: string): Report {
  const { stack = "", ...error } = report.error;
  try {
    const at = stack.indexOf(address);
    const line = at < 0 ? NaN : parseInt(stack.slice(at + address.length), 10);
    return { ...report, error: { ...error, ...line > 0 && { line } } };
  } catch {
    return { ...report, error }; // a cell has changed what texts can do
  }
}

// Not named `require`: that is the linked script's own.
function provide(name: string): unknown {
  if (name === "sim") return sim;
  throw new Error(`a cell imports from "sim" and from nothing else: not from "${name}"`);
}
