// This module is browser compatible.
//
// What runs around a chapter's cells, in a child process and in a page's worker alike: it marks where a cell begins,
// takes what the cell prints and shows, and stops one that prints without end. Everything leaves through `post`.

import { type Step, STEPS } from "../../sim/mod.ts";
import type { Deeds } from "./watch.ts";
import { printable } from "../tool/printable.ts";
import { folded, format, formatError, isStep, mimeOf } from "./format.ts";

/** What a cell printed (a line or more) or displayed; a film has `steps`, and its `svg` is its last picture. */
export type Item =
  | { kind: "text"; text: string }
  | { kind: "view"; text: string; svg: string; steps?: Step[] };

/** A number that a cell counted, "3", or "3 of 20"; {@linkcode countText} says it. */
export interface Count {
  value: number;
  of?: number;
}

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
  /** What it counted, by name; absent where it counted nothing. */
  counts?: Record<string, Count>;
  /** What it had machines do; absent where it had none do anything, or nobody watched. */
  deeds?: readonly Deeds[];
  error?: CellError;
}

/** What the harness reports, in order. `cell` is -1 before the first mark. */
export type Report =
  | { kind: "begin"; cell: number }
  | { kind: "item"; cell: number; item: Item }
  | { kind: "count"; cell: number; name: string; count: Count }
  | { kind: "deeds"; cell: number; deeds: readonly Deeds[] }
  | { kind: "error"; cell: number; error: CellError }
  | { kind: "end" };

/** What the cells of a chapter see beside the language: the first line of the woven module takes it apart. */
export interface Scope<Kernel> {
  console: Record<"log" | "info" | "warn" | "error" | "debug", (...values: unknown[]) => void>;
  /** Displays a view: its text in a terminal, its drawing in a page. */
  show(view: object): void;
  /** Records a number for the prose: `[3 of 20](#count:CELL-ID.NAME)`. Whole numbers; a name once in a cell. */
  count(name: string, value: number, of?: number): void;
  /** The era that the chapter runs under. */
  kernel: Kernel;
  /** The marks of the weaver, each with the key that it gave to {@linkcode Opened.enter}: no cell can tell it. */
  __cell(key: string, index: number, throws?: string): void;
  __threw(key: string, error: unknown): void;
}

/** A chapter that is ready to run. */
export interface Opened<Kernel> {
  /** What its first line calls, once: `__chapter`. */
  enter(slug: string, key: string): Scope<Kernel>;
  /** Runs it, and posts how it went. */
  run(body: () => Promise<unknown>): Promise<void>;
  /** Takes an error that nobody caught (a rejected promise), and files it under the cell that is running. */
  fail(error: unknown): void;
}

export interface Options<Kernel> {
  kernel: Kernel;
  /** Runs the cells up to and with this one. */
  last?: number;
  post(report: Report): void;
}

/** More than this, and a cell is stopped; a drawing counts as its characters. */
export const limits = { lines: 1_000, characters: 256_000, counts: 100 };

/** Unwinds the chapter where nothing more is to be run; never reported. */
class Stop extends Error {
  override name = "Stop";
}

/** A proxy can throw where its class is asked for. */
function isStop(error: unknown): boolean {
  try {
    return error instanceof Stop;
  } catch {
    return false;
  }
}

/** Opens a chapter. */
export function openChapter<Kernel>(
  { kernel, last = Infinity, post }: Options<Kernel>,
): Opened<Kernel> {
  let cell = -1;
  let theirs: string | undefined;
  let throws: string | undefined;
  let failed = false;
  let ended = false;
  let lines = 0;
  let characters = 0;
  const counted = new Set<string>();

  const fail = (error: unknown) => {
    if (failed) return;
    failed = true;
    post({ kind: "error", cell, error: describe(error) });
  };
  const stop = (message: string, name: string): never => {
    fail(named(name, message));
    throw new Stop(message);
  };
  const going = () => {
    if (ended) fail(named("PrintedTooLate", "printed after the last cell had ended"));
    else if (failed) throw new Stop("this cell was stopped");
    return !ended;
  };
  const take = (item: Item, size = item.text.length) => {
    if (!going()) return;
    characters += size;
    if (characters > limits.characters) {
      stop("printed more than 256,000 characters", "PrintedTooMuch");
    }
    lines += item.text.split("\n").length;
    if (lines > limits.lines) stop("printed more than 1,000 lines", "PrintedTooMuch");
    post({ kind: "item", cell, item });
  };
  /** What is too long by itself is not made readable first. */
  const short = (text: string) => text.slice(0, limits.characters + 1);
  const print = (...values: unknown[]) =>
    take({ kind: "text", text: printable(short(format(values))) });
  const refuseForged = (key: string, mark: string) => {
    if (key !== theirs) {
      stop(`calls ${mark}(), by which the chapter itself says where a cell begins`, "Forged");
    }
  };
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
      const { "text/plain": plain, "image/svg+xml": svg, [STEPS]: film } = mime;
      if ([plain, svg ?? "", film ?? ""].some((part) => typeof part !== "string")) {
        throw new TypeError(
          "show() takes a view that answers texts: this one answers something else",
        );
      }
      const text = printable(short(plain).replace(/\n$/, ""));
      const size = text.length + (svg?.length ?? 0) + (film?.length ?? 0);
      if (svg === undefined) take({ kind: "text", text }, size);
      else take({ kind: "view", text, svg, ...film && { steps: stepsOf(film) } }, size);
    },
    count: (name, value, of) => {
      if (!going()) return;
      refuseCount(name, value, of);
      if (counted.has(name)) throw new TypeError(`count() has counted "${name}" in this cell`);
      if (counted.size === limits.counts) stop("counted more than 100 things", "PrintedTooMuch");
      counted.add(name);
      post({ kind: "count", cell, name, count: { value, ...of !== undefined && { of } } });
    },
    kernel,
    __cell: (key, index, expected) => {
      if (failed) throw new Stop("this chapter was stopped");
      refuseForged(key, "__cell");
      mustHaveThrown();
      if (index > last) throw new Stop("the last cell that was asked for has ended");
      cell = index;
      throws = expected;
      lines = characters = 0;
      counted.clear();
      post({ kind: "begin", cell });
    },
    __threw: (key, error) => {
      refuseForged(key, "__threw");
      if (isStop(error) || !throws || !isNamed(error, throws)) throw error;
      throws = undefined;
      print(error instanceof Error ? folded(formatError(error)) : error);
    },
  };

  const run = async (body: () => Promise<unknown>) => {
    try {
      await body();
      mustHaveThrown();
    } catch (error) {
      if (!isStop(error)) fail(error);
    }
    ended = true;
    post({ kind: "end" });
  };

  const enter = (_slug: string, key: string) => {
    if (theirs !== undefined) throw new TypeError("__chapter() is the chapter's own, and done");
    theirs = key;
    return scope;
  };

  return { enter, run, fail };
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
    if (report.kind === "count") (result.counts ??= {})[report.name] = report.count;
    if (report.kind === "deeds") result.deeds = report.deeds;
    if (report.kind === "error") result.error = report.error;
  }
  return [...results.values()];
}

/** A cell's output as its block in the Markdown holds it; a cell that prints nothing has none. */
export function outputText(result: CellResult | undefined): string {
  return (result?.items ?? []).map(({ text }) => text).join("\n");
}

/** A count as prose says it, "3" or "3 of 20". */
export function countText({ value, of }: Count): string {
  return of === undefined ? String(value) : `${value} of ${of}`;
}

function refuseCount(name: string, value: number, of: number | undefined): void {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    throw new TypeError(`count() takes a name such as "lost": not ${format([[name]])}`);
  }
  for (const number of of === undefined ? [value] : [value, of]) {
    if (Number.isSafeInteger(number) && number >= 0) continue;
    throw new TypeError(`count("${name}") takes whole numbers: not ${format([number])}`);
  }
}

/** The pictures of a film, as it says them in JSON; what a cell made up is not one. */
function stepsOf(film: string): Step[] {
  const steps: unknown = JSON.parse(film);
  if (!Array.isArray(steps) || !steps.every(isStep)) {
    throw new TypeError("this is no film: steps() of the simulator makes one");
  }
  return steps.map(({ operation, reasons, text, svg, verdicts }) => ({
    operation: printable(operation),
    reasons: reasons.map(printable),
    text: printable(text),
    svg: String(svg),
    verdicts: verdicts.map(printable),
  }));
}

/** A mark `throws=` gives the error's class, its name, or its code, as in `EFAULT`. */
function isNamed(error: unknown, name: string): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { name: own, code, constructor } = error as Record<string, unknown>;
  return own === name || code === name || (constructor as { name?: string })?.name === name;
}

/** What is thrown can be of any size, and can itself throw when it is read. */
function describe(error: unknown): CellError {
  const short = (text: unknown) => printable(String(text).slice(0, 10_000));
  try {
    if (!(error instanceof Error)) return { name: "", message: short(format(["threw", error])) };
    const { name, message, stack = "", code } = error as Error & { code?: unknown };
    const known = typeof code === "string" && /^(?:E|SIG)[A-Z]+$/.test(code) ? code : name;
    // A stack begins with the message; its lines are what somebody wants of it.
    return { name: short(known), message: short(message), stack: String(stack).slice(-50_000) };
  } catch {
    return { name: "", message: "threw something that cannot be read" };
  }
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
