// One child process that runs one chapter, from its start to its end, whatever its end is.

import { assertStarted, endWithUs, type Limits, ranOut, type Stopped } from "../tool/limited.ts";
import { feed, startDeno } from "./deno.ts";
import type { Report } from "./harness.ts";

/** What a child had reported when it ended, and how it ended. */
export interface Outcome {
  reports: Report[];
  end:
    | { kind: "exit"; code: number; stderr: string }
    /** It took too much and was killed. */
    | { kind: "stuck" } & Stopped
    /** Something wrote to stdout behind the harness's back: it was killed. */
    | { kind: "stray"; text: string };
}

/** Loading is Deno's work, not a cell's: only a broken disk takes as long as this, by the clock. */
const loadMs = 600_000;

/** A line of reports is as long as all that one cell may print, with its escapes; longer is no line of ours. */
const longestLine = 4_000_000;

/** Nothing is allowed; a cell that collects without end fails before the machine does. */
const flags = [
  "--no-prompt",
  "--no-config", // whose simulator is not watched, and would win
  "--import-map=scripts/notebook/watched.json",
  "--no-remote",
  "--no-npm",
  "--no-lock",
  "--cached-only",
  "--v8-flags=--max-old-space-size=512",
];

/**
 * Runs a woven module in a child with no permission.
 *
 * @param kernel the era's name
 * @param limits what the chapter may take; the clock also ends what outlasts the last cell
 */
export async function runOnce(url: string, kernel: string, limits: Limits): Promise<Outcome> {
  const { cpuSeconds, silentMs } = limits;
  const marker = `${crypto.randomUUID()} `;
  const child = startDeno(["run", ...flags, "-"], cpuSeconds);
  const reports: Report[] = [];
  let killed: Outcome["end"] | undefined;
  const kill = (why: Outcome["end"]) => {
    if (killed) return;
    killed = why;
    try {
      child.kill("SIGKILL");
    } catch {
      // It is gone already.
    }
  };
  const wait = (ms: number) =>
    setTimeout(
      () => kill({ kind: "stuck", by: "clock", after: `${ms / 1000} s by the clock` }),
      ms,
    );
  let timer = wait(loadMs);
  const take = (line: string) => {
    if (!line.startsWith(marker)) return kill({ kind: "stray", text: line });
    const report: Report = JSON.parse(line.slice(marker.length));
    reports.push(report);
    if (report.kind !== "begin" && report.kind !== "end") return; // printing is no progress
    clearTimeout(timer);
    timer = wait(silentMs);
  };
  const read = async () => {
    let rest = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (!killed) take(line);
      if (rest.length > longestLine) kill({ kind: "stray", text: rest });
      if (killed) rest = "";
    }
    if (rest && !killed) kill({ kind: "stray", text: rest });
  };

  // The module on the child's stdin can be read by no cell, so the marker is safe in it.
  const [text, name, module] = [marker, kernel, url].map((text) => JSON.stringify(text));
  const runner = `import { runChild } from "./scripts/notebook/child.ts";
await runChild(${text}, ${name}, () => import(${module}));
`;
  const letGo = endWithUs(() => kill({ kind: "stuck", by: "signal", after: "a signal" }));
  const [status, stderr] = await Promise.all([
    child.status,
    firstPart(child.stderr),
    read(),
    feed(child, runner),
  ]);
  letGo();
  clearTimeout(timer);
  assertStarted(status);
  if (ranOut(status)) {
    kill({ kind: "stuck", by: "work", after: `${cpuSeconds} s of processor time` });
  }
  return { reports, end: killed ?? { kind: "exit", code: status.code, stderr } };
}

/** The beginning of a stream, read to its end: a full pipe would stop the child. */
async function firstPart(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    if (text.length < 20_000) text += chunk;
  }
  return text;
}
