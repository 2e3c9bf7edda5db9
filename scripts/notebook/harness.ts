// This module is browser compatible.
//
// What runs around a chapter's cells, in a child process and in a page's worker alike: it marks where a cell begins,
// takes what the cell prints and shows, and stops one that prints without end. Everything leaves through `post`.

import { format, formatError, mimeOf } from "./format.ts";

/** What a cell printed (a line or more) or displayed. */
export type Item =
  | { kind: "text"; text: string }
  | { kind: "view"; text: string; svg: string };

/** What went wrong in a cell. `stack` is the engine's own; who knows where the modules lie maps it to the chapter. */
export interface CellError {
  name: string;
  message: string;
  line?: number;
  column?: number;
  stack?: string;
}

/** What became of a cell, `index` counted from 0. */
export interface CellResult {
  index: number;
  items: Item[];
  error?: CellError;
}

/** What the harness reports, in order. `cell` is -1 before the first mark. */
export type Report =
  | { kind: "begin"; cell: number }
  | { kind: "item"; cell: number; item: Item }
  | { kind: "error"; cell: number; error: CellError }
  | { kind: "end" };

/** What the cells of a chapter see beside the language: the first line of the woven module takes it apart. */
export interface Scope<Kernel> {
  console: Record<"log" | "info" | "warn" | "error" | "debug", (...values: unknown[]) => void>;
  /** Displays a view: its text in a terminal, its drawing in a page. */
  show(view: object): void;
  /** The era that the chapter runs under. */
  kernel: Kernel;
  __cell(index: number, throws?: string): void;
  __threw(error: unknown): void;
}

export interface Options<Kernel> {
  kernel: Kernel;
  /** Runs the cells up to and with this one. */
  last?: number;
  post(report: Report): void;
}

/** More than this, and a cell is stopped; a drawing counts as its characters. */
export const limits = { lines: 1_000, characters: 256_000 };

/** Unwinds the chapter where nothing more is to be run; never reported. */
class Stop extends Error {
  override name = "Stop";
}

/**
 * Opens a chapter: `scope` is for its cells, `run` runs it and posts how it went, `fail` takes an error that nobody
 * caught (a rejected promise) and files it under the cell that is running.
 */
export function openChapter<Kernel>({ kernel, last = Infinity, post }: Options<Kernel>): {
  scope: Scope<Kernel>;
  run(body: () => Promise<unknown>): Promise<void>;
  fail(error: unknown): void;
} {
  let cell = -1;
  let throws: string | undefined;
  let failed = false;
  let ended = false;
  let lines = 0;
  let characters = 0;

  const fail = (error: unknown) => {
    if (!failed) post({ kind: "error", cell, error: describe(error) });
    failed = true;
  };
  const stop = (message: string, name: string): never => {
    fail(named(name, message));
    throw new Stop(message);
  };
  const take = (text: string, svg?: string) => {
    if (ended) return fail(named("PrintedTooLate", "printed after the last cell had ended"));
    if (failed) throw new Stop("this cell was stopped");
    characters += text.length + (svg?.length ?? 0);
    if (characters > limits.characters) {
      stop("printed more than 256,000 characters", "PrintedTooMuch");
    }
    lines += text.split("\n").length;
    if (lines > limits.lines) stop("printed more than 1,000 lines", "PrintedTooMuch");
    const safe = printable(text);
    post({
      kind: "item",
      cell,
      item: svg === undefined ? { kind: "text", text: safe } : { kind: "view", text: safe, svg },
    });
  };
  const print = (...values: unknown[]) => take(format(values));
  const mustHaveThrown = () => {
    if (throws) stop(`threw nothing, and is marked throws=${throws}`, "ThrewNothing");
  };

  const scope: Scope<Kernel> = {
    console: { log: print, info: print, warn: print, error: print, debug: print },
    show: (view) => {
      const mime = mimeOf(view);
      if (!mime) {
        throw new TypeError("show() takes a view, such as frames(m.state): print this value");
      }
      take(mime["text/plain"].replace(/\n$/, ""), mime["image/svg+xml"]);
    },
    kernel,
    __cell: (index, expected) => {
      if (failed) throw new Stop("this chapter was stopped");
      mustHaveThrown();
      if (index > last) throw new Stop("the last cell that was asked for has ended");
      cell = index;
      throws = expected;
      lines = characters = 0;
      post({ kind: "begin", cell });
    },
    __threw: (error) => {
      if (error instanceof Stop || !throws || !isNamed(error, throws)) throw error;
      throws = undefined;
      print(error instanceof Error ? formatError(error) : error);
    },
  };

  const run = async (body: () => Promise<unknown>) => {
    try {
      await body();
      mustHaveThrown();
    } catch (error) {
      if (!(error instanceof Stop)) fail(error);
    }
    ended = true;
    post({ kind: "end" });
  };

  return { scope, run, fail };
}

/** Reports put together, a result for each cell that began. */
export function collect(reports: readonly Report[]): CellResult[] {
  const results = new Map<number, CellResult>();
  for (const report of reports) {
    if (report.kind === "end") continue;
    const { cell } = report;
    const result = results.get(cell) ?? { index: cell, items: [] };
    results.set(cell, result);
    if (report.kind === "item") result.items.push(report.item);
    if (report.kind === "error") result.error = report.error;
  }
  return [...results.values()];
}

/** A cell's output as its block in the Markdown holds it; a cell that prints nothing has none. */
export function outputText(result: CellResult | undefined): string {
  return (result?.items ?? []).map(({ text }) => text).join("\n");
}

/** A mark `throws=` gives the error's class, its name, or its code, as in `EFAULT`. */
function isNamed(error: unknown, name: string): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { name: own, code, constructor } = error as Record<string, unknown>;
  return own === name || code === name || (constructor as { name?: string })?.name === name;
}

function describe(error: unknown): CellError {
  if (!(error instanceof Error)) {
    return { name: "", message: printable(format(["threw", error])) };
  }
  const { name, message, stack = "", code } = error as Error & { code?: unknown };
  const known = typeof code === "string" && /^(?:E|SIG)[A-Z]+$/.test(code) ? code : name;
  return { name: String(known), message: printable(String(message)), stack: String(stack) };
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** Spells out what would move a cursor, hide text or not survive a file: control and direction characters. */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- these are the characters that must not reach a terminal
  const hidden = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]/g;
  return text.toWellFormed().replace(
    hidden,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
