// Runs a program in a child `deno` and listens: what it reports under a mark that only it knows, what else it prints,
// how it ends. A child that takes too much is stopped. Verdicts are made of this, on katas and on tests.

import {
  assertStarted,
  endWithUs,
  limitedDeno,
  type Limits,
  ranOut,
  type Stopped,
} from "../tool/limited.ts";

/** What was heard of a child. */
export interface Heard<Report> {
  reports: Report[];
  /** What it printed beside its reports, from the beginning, cut where nobody reads on. */
  printed: string;
  stderr: string;
  /** The exit status; above 128 after a signal. */
  status: number;
  /** Why it was stopped, if it was. */
  stopped?: Stopped;
}

export interface Orders {
  /** Flags of `deno run`: permissions and such. */
  flags: readonly string[];
  /** Makes the program, which reports with lines of `mark`, a space, and JSON. It comes in by standard input. */
  program: (mark: string) => string;
  /** How much processor time it may take, and how long from one report to the next. */
  limits: Limits;
  /** Stops the child; what was heard is then worthless. Without it, a signal that ends us ends the child first. */
  signal?: AbortSignal;
}

/** Starting Deno and compiling are nobody's endless loop: a slow disk, a cold cache, a first download. */
const START_MS = 600_000;
/** What prints more than this never ends, in characters. */
const PRINTED = 1_000_000;
/** How much of what a child prints is kept, in characters. */
const KEPT = 4_000;
/** A line longer than this is no report. */
const LINE = 4_000_000;

/** Runs the program to its end, or to ours. */
export async function supervise<Report>(orders: Orders): Promise<Heard<Report>> {
  const { signal, limits: { cpuSeconds, silentMs } } = orders;
  const mark = crypto.randomUUID();
  const flags = ["--no-prompt", "--quiet", "--no-check", ...orders.flags];
  const child = limitedDeno(cpuSeconds, ["run", ...flags, "-"], {
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const heard: Heard<Report> = { reports: [], printed: "", stderr: "", status: -1 };
  const stop = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  const stopAs = (by: Stopped["by"], after: string) => {
    heard.stopped ??= { by, after };
    stop();
  };
  const wait = (ms: number) =>
    setTimeout(() => stopAs("clock", `${ms / 1000} s by the clock without an answer`), ms);
  let timer = wait(START_MS), printed = 0;
  signal?.addEventListener("abort", stop);
  const letGo = signal ? () => {} : endWithUs(stop);
  if (signal?.aborted) stop();

  const reading = Promise.all([
    eachLine(child.stdout, (line) => {
      if (!line.startsWith(`${mark} `)) {
        heard.printed = (heard.printed + `${line}\n`).slice(0, KEPT);
        printed += line.length + 1;
        if (printed > PRINTED) stopAs("output", `${PRINTED / 1e6} MB of output`);
        return;
      }
      heard.reports.push(JSON.parse(line.slice(mark.length + 1)));
      clearTimeout(timer);
      timer = wait(silentMs);
    }),
    eachLine(child.stderr, (line) => {
      heard.stderr = (heard.stderr + `${line}\n`).slice(0, KEPT);
    }),
  ]);
  try {
    const stdin = child.stdin.getWriter();
    await stdin.write(new TextEncoder().encode(orders.program(mark)));
    await stdin.close();
  } catch {
    // It was stopped before it read its program.
  }
  await reading;
  const status = await child.status;
  letGo();
  if (heard.reports.length === 0) assertStarted(status);
  heard.status = status.code;
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
