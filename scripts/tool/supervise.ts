// Runs a program in a child `deno` and listens: what it reports under a mark that only it knows, what else it prints,
// how it ends. A child that takes too much is stopped. What becomes of chapters, katas and tests is made of this.

import {
  assertStarted,
  endWithUs,
  type Limits,
  ranOut,
  startLimited,
  type Stopped,
} from "./limited.ts";
import { reportIn } from "./report.ts";

/** What was heard of a child. */
export interface Heard<Report> {
  reports: Report[];
  /** What it printed beside its reports, from the beginning, cut where nobody reads on. */
  printed: string;
  /** The same by what had been reported before it: so many reports. */
  printedAfter: Map<number, string>;
  stderr: string;
  /** The exit status; above 128 after a signal. */
  status: number;
  /** Why it was stopped, if it was. */
  stopped?: Stopped;
}

export interface Orders<Report> {
  /** Flags of `deno run`: permissions and such. */
  flags: readonly string[];
  /** Makes the program, which reports by `reporter(mark)`. It comes in by standard input, where no cell can read it. */
  program: (mark: string) => string;
  /** Where it runs; here, unless told. */
  cwd?: URL;
  /** How much processor time it may take, and how long by the clock without progress. */
  limits: Limits;
  /** Is this a report? Whatever comes behind the mark is, unless told; what is none stops the child. */
  valid?: (report: unknown) => boolean;
  /** Is a report progress? Any is, unless told. */
  progress?: (report: Report) => boolean;
  /** It may print nothing beside its reports: what does is stopped at once. */
  reportsAlone?: boolean;
  /** Stops the child; what was heard is then worthless. Without it, a signal that ends us ends the child first. */
  signal?: AbortSignal;
}

/** Starting Deno and compiling are nobody's endless loop: a slow disk, a cold cache, a first download. */
const START_MS = 600_000;
/** What prints more than this never ends, in characters. */
const PRINTED = 1_000_000;
/** How much of what a child prints is kept, and of what it says on standard error, in characters. */
const KEPT = 4_000, KEPT_ERRORS = 20_000;
/** A line longer than this is no report: one is as long as all that a cell may print, with its escapes. */
const LINE = 4_000_000;

/** Runs the program to its end, or to ours. */
export async function supervise<Report>(orders: Orders<Report>): Promise<Heard<Report>> {
  const { signal, limits: { cpuSeconds, silentMs } } = orders;
  const { progress = () => true, valid = () => true } = orders;
  const mark = crypto.randomUUID();
  const flags = ["--no-prompt", "--quiet", "--no-check", ...orders.flags];
  const child = startLimited(
    orders.limits,
    ["run", ...flags, "-"],
    orders.program(mark),
    orders.cwd && { cwd: orders.cwd },
  );
  const heard: Heard<Report> = {
    reports: [],
    printed: "",
    printedAfter: new Map(),
    stderr: "",
    status: -1,
  };
  const { stop } = child;
  const stopAs = (by: Stopped["by"], after: string) => {
    heard.stopped ??= { by, after };
    stop();
  };
  const wait = (ms: number) => setTimeout(() => stopAs("clock", `${ms / 1000} s by the clock`), ms);
  let timer = wait(START_MS), printed = 0;
  signal?.addEventListener("abort", stop);
  const letGo = signal ? () => {} : endWithUs(stop);
  if (signal?.aborted) stop();

  const take = (line: string) => {
    if (heard.stopped) return;
    const report = reportIn<Report>(line, mark);
    if (report === undefined) return takeOther(line);
    if (!valid(report)) return stopAs("report", "a report that is none");
    heard.reports.push(report);
    if (!progress(report)) return;
    clearTimeout(timer);
    timer = wait(silentMs);
  };
  const takeOther = (line: string) => {
    heard.printed = (heard.printed + `${line}\n`).slice(0, KEPT);
    const after = heard.reports.length, before = heard.printedAfter.get(after) ?? "";
    heard.printedAfter.set(after, (before + `${line}\n`).slice(0, KEPT));
    printed += line.length + 1;
    if (orders.reportsAlone && line) stopAs("output", "a line that is no report");
    else if (printed > PRINTED) stopAs("output", `${PRINTED / 1e6} MB of output`);
  };
  const [status] = await Promise.all([
    child.status,
    eachLine(child.stdout, take),
    eachLine(child.stderr, (line) => {
      heard.stderr = (heard.stderr + `${line}\n`).slice(0, KEPT_ERRORS);
    }),
  ]);
  letGo();
  if (heard.reports.length === 0) assertStarted(status);
  heard.status = status;
  if (ranOut(status)) heard.stopped ??= { by: "work", after: `${cpuSeconds} s of processor time` };
  clearTimeout(timer);
  signal?.removeEventListener("abort", stop);
  return heard;
}

/** Calls back for every line, and forgets the tail of one that is too long. */
async function eachLine(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop()!;
    if (rest.length > LINE) rest = rest.slice(0, KEPT);
    parts.forEach(onLine);
  }
  if (rest) onLine(rest);
}

/** The flag for what uvu asks of the environment when it loads. */
export const UVU_ENV = "--allow-env=FORCE_COLOR,NODE_DISABLE_COLORS,NO_COLOR,TERM,UVU_DEFER";

/** The first line of an error on standard error, without what only Deno needs to know; empty without an error. */
export function errorLine(stderr: string): string {
  const line = stderr.match(/^error: (.+)$/m)?.[1] ?? "";
  return line.replace("Uncaught (in promise) ", "").replace("Uncaught ", "");
}
