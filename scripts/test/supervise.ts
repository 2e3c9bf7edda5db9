// Runs a program in a child `deno` and listens: what it reports under a mark that only it knows, what else it prints,
// how it ends. A child that reports nothing for too long is stopped. Verdicts are made of this, on katas and on tests.

/** What was heard of a child. */
export interface Heard<Report> {
  reports: Report[];
  /** What it printed beside its reports, from the beginning, cut where nobody reads on. */
  printed: string;
  stderr: string;
  /** The exit status; above 128 after a signal. */
  status: number;
  /** Whether it was stopped because it reported nothing. */
  hung: boolean;
}

export interface Orders {
  /** Flags of `deno run`: permissions and such. */
  flags: readonly string[];
  /** Makes the program, which reports with lines of `mark`, a space, and JSON. It comes in by standard input. */
  program: (mark: string) => string;
  /** How long it may take from one report to the next, in milliseconds. */
  limit: number;
  /** Stops the child; what was heard is then worthless. */
  signal?: AbortSignal;
}

/** Starting Deno and compiling are nobody's endless loop: a slow disk, a cold cache, a first download. */
const START_MS = 60_000;
/** How much of what a child prints is kept, in characters. */
const KEPT = 4_000;
/** A line longer than this is no report. */
const LINE = 4_000_000;

/** Runs the program to its end, or to ours. */
export async function supervise<Report>(orders: Orders): Promise<Heard<Report>> {
  const { signal, limit } = orders;
  const mark = crypto.randomUUID();
  const child = new Deno.Command("deno", {
    args: ["run", "--no-prompt", "--quiet", "--no-check", ...orders.flags, "-"],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const heard: Heard<Report> = { reports: [], printed: "", stderr: "", status: -1, hung: false };
  const stop = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  const stopHung = () => {
    heard.hung = true;
    stop();
  };
  let timer = setTimeout(stopHung, START_MS);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();

  const reading = Promise.all([
    eachLine(child.stdout, (line) => {
      if (!line.startsWith(`${mark} `)) {
        heard.printed = (heard.printed + `${line}\n`).slice(0, KEPT);
        return;
      }
      heard.reports.push(JSON.parse(line.slice(mark.length + 1)));
      clearTimeout(timer);
      timer = setTimeout(stopHung, limit);
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
  heard.status = (await child.status).code;
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
