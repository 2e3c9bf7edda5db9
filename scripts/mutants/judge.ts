// Asks the tests about mutants, the quick ones first: sim's own test files, all in one process, up to the first test that
// fails; then the katas' suites, in one process as well; then whatever else of `deno task test` depends on the simulator.
// What a stage lets live goes on to the next one.

import { toFileUrl } from "@std/path";
import { refusedImport } from "../kata/given.ts";
import { importMapOf } from "../test/import_map.ts";
import { Problem } from "../tool/problem.ts";
import { errorLine, UVU_ENV } from "../tool/supervise.ts";
import type { Report } from "./child.ts";
import { type Ended, measured, type Orders, share } from "../tool/measured.ts";
import { reportIn } from "../tool/report.ts";
import { type Called, calledIn, reaches } from "./coverage.ts";
import { addressOf, type Copy, filesIn } from "./project.ts";
import type { Mutant } from "./sites.ts";

/** Notices a mutant, or not: says by what, and what it cost in CPU time. */
export type Ask = (copy: Copy, mutant: Mutant) => Promise<{ by?: string; cpu: number }>;

/** A stage: its name, and how it asks. Made from a copy without a mutant, which it must let pass. */
export interface Stage {
  name: string;
  ask: Ask;
}

/** A mutant may take so many times what the simulator takes without one, and so much more, in milliseconds of CPU time. */
const TIMES = 10, MORE_MS = 500;
/** What `deno task test` runs beside test files, as it calls them. */
const PROOFS = ["chapter --check", "kata --check"];
/** Where there is nothing to compare with yet, in milliseconds of processor time. */
const FIRST_MS = 600_000;
/** The last resort, for what waits instead of working, by the clock. */
const CLOCK_MS = 600_000;
/** An endless loop that allocates dies of this before it takes the machine with it. */
const HEAP_MB = 512;

/** sim's own tests. Those that notice the most in the least time come first. */
export async function simStage(copy: Copy): Promise<Stage> {
  const paths = (await filesIn("sim")).filter((path) => path.endsWith("_test.ts"));
  if (paths.length === 0) throw new Problem("there is no test", { path: "sim" });
  const ranks = new Ranks(paths);
  const run = async (copy: Copy, limit: number) =>
    await inChild(copy, limit, (mark) => {
      const files = ranks.order().map((path) =>
        `[${text(path)}, () => import(${text(addressOf(copy, path))})]`
      );
      return `await child.runFiles(${text(mark)}, [${files.join(", ")}]);`;
    });
  const first = await run(copy, FIRST_MS);
  unmutated(first);
  for (const report of first.reports) {
    if (report.kind === "passed") ranks.cost(report.path, report.ms);
  }
  const limit = first.cpu * TIMES + MORE_MS;
  return {
    name: "the simulator's tests",
    async ask(copy) {
      const heard = await run(copy, limit);
      const failed = noticed(heard);
      if (failed?.path) ranks.notice(failed.path);
      return { ...failed && { by: failed.by }, cpu: heard.cpu };
    },
  };
}

/** The katas' suites, in front of every file that they judge; undefined where there is no kata. */
export async function kataStage(copy: Copy): Promise<Stage | undefined> {
  const paths = await filesIn("kata").catch(() => []);
  const dirs = [
    ...new Set(paths.flatMap((path) => path.match(/^kata\/\d\d-[^/]+(?=\/test\.ts$)/) ?? [])),
  ];
  if (dirs.length === 0) return;
  // What is refused for what it imports never meets a suite.
  const refused = new Set<string>();
  for (const path of paths.filter((path) => /\/wrong\/[^/]+\.ts$/.test(path))) {
    if (refusedImport(await Deno.readTextFile(path), path.slice(path.indexOf("wrong/")))) {
      refused.add(path);
    }
  }
  const judged = (dir: string) =>
    paths.filter((path) =>
      path.startsWith(`${dir}/`) && /\/(?:exercise|solution|wrong\/[^/]+)\.ts$/.test(path) &&
      !refused.has(path)
    );
  const run = async (copy: Copy, limit: number, expected?: Record<string, string>) =>
    await inChild(copy, limit, (mark) => {
      const load = (path: string) => `() => import(${text(addressOf(copy, path))})`;
      const katas = dirs.map((dir) =>
        `[${load(`${dir}/test.ts`)}, [${
          judged(dir).map((path) => `[${text(path)}, ${load(path)}]`).join(", ")
        }]]`
      );
      return `await child.runKatas(${text(mark)}, [${katas.join(", ")}], ${
        text(expected) ?? "undefined"
      });`;
    });
  const first = await run(copy, FIRST_MS);
  unmutated(first);
  const expected = Object.fromEntries(
    first.reports.flatMap((one) => one.kind === "verdict" ? [[one.path, one.verdict]] : []),
  );
  for (const [path, verdict] of Object.entries(expected)) {
    const right = path.endsWith("/solution.ts") ? "passed" : "rejected";
    if (!verdict.startsWith(right)) {
      throw new Problem(`it is ${verdict} without any mutant`, {
        path,
        line: 1,
        remedy: "deno task kata --check",
      });
    }
  }
  const limit = first.cpu * TIMES + MORE_MS;
  return {
    name: "the katas' suites",
    async ask(copy) {
      const heard = await run(copy, limit, expected);
      return { ...noticed(heard), cpu: heard.cpu };
    },
  };
}

/**
 * What is left of `deno task test`, job by job: a mutant is shown to those that call the function it is in, as the
 * coverage of a run without mutants says; one that is decided at load, to those that load the file. `deno task kata
 * --check` is left out where `kataStage` has asked all that it would.
 */
export async function otherStage(
  copies: readonly Copy[],
  folder: string,
  done: readonly string[],
  progress: (job: string) => void,
): Promise<Stage> {
  const files = [...await filesIn("scripts").catch(() => []), ...await filesIn("kata")];
  const names = [...PROOFS, ...files.filter((path) => path.endsWith("_test.ts"))];
  const jobs = new Map<string, Ended & { called?: Called }>();
  const asked = names.filter((name) => !done.includes(name));
  await share(asked, copies, async (name, copy) => {
    progress(name);
    const dir = `${folder}/${asked.indexOf(name)}`;
    const watched = await task(copy, name, { env: { DENO_COVERAGE_DIR: dir }, limit: CLOCK_MS });
    const called = watched.status === 0 ? await calledIn(dir) : undefined;
    if (called) return void (called.size > 0 && jobs.set(name, { ...watched, called }));
    // Some tests look at what is written, and cannot bear to be watched: these are shown every mutant.
    const first = await task(copy, name, { limit: CLOCK_MS });
    if (first.status !== 0) failsAlready(name, first.stderr.trim());
    jobs.set(name, first);
  });
  const ranks = new Ranks([...jobs.keys()]);
  for (const [name, { cpu }] of jobs) ranks.cost(name, cpu);
  return {
    name: "the other tests",
    async ask(copy, mutant) {
      let cpu = 0;
      for (const name of ranks.order()) {
        const first = jobs.get(name)!;
        if (first.called && !reaches(first.called, mutant)) continue;
        const ended = await task(copy, name, {
          limit: CLOCK_MS,
          cpuLimit: first.cpu * TIMES + MORE_MS,
        });
        cpu += ended.cpu;
        if (ended.status === 0) continue;
        ranks.notice(name);
        return { by: name, cpu };
      }
      return { cpu };
    },
  };
}

/** An order for tests: first what notices many mutants in little time. */
export class Ranks {
  readonly #known = new Map<string, { cost: number; noticed: number }>();

  constructor(names: readonly string[]) {
    for (const name of names) this.#known.set(name, { cost: 1, noticed: 0 });
  }

  /** Learns what a test costs, in milliseconds. */
  cost(name: string, ms: number): void {
    this.#known.get(name)!.cost = Math.max(ms, 1);
  }

  /** Learns that a test noticed a mutant. */
  notice(name: string): void {
    this.#known.get(name)!.noticed++;
  }

  /** The names, the most promising first. */
  order(): string[] {
    const promise = ([, { cost, noticed }]: [string, { cost: number; noticed: number }]) =>
      (noticed + 1) / cost;
    return [...this.#known].sort((a, b) => promise(b) - promise(a)).map(([name]) => name);
  }
}

const text = JSON.stringify;

interface Heard extends Ended {
  reports: Report[];
}

/** Runs a program in a child process with the permissions that sim's tests have, which is none to speak of. */
async function inChild(
  copy: Copy,
  cpuLimit: number,
  program: (mark: string) => string,
): Promise<Heard> {
  const mark = crypto.randomUUID();
  const ended = await measured({
    cwd: copy.dir,
    args: [
      ...["deno", "run", "--no-prompt", "--quiet", "--no-check", UVU_ENV],
      ...[
        `--v8-flags=--max-old-space-size=${HEAP_MB}`,
        `--import-map=${(await importMapOf(copy.dir))(`${toFileUrl(copy.dir).href}/sim/`)}`,
        "-",
      ],
    ],
    input: `globalThis.UVU_DEFER = 1;
const child = await import(${text(import.meta.resolve("./child.ts"))});
${program(mark)}
`,
    cpuLimit,
    limit: CLOCK_MS,
  });
  const reports = ended.stdout.split("\n").flatMap((line) => reportIn<Report>(line, mark) ?? []);
  return { ...ended, reports };
}

/** One job of `deno task test`. */
function task(
  copy: Copy,
  name: string,
  orders: Pick<Orders, "env" | "limit" | "cpuLimit">,
): Promise<Ended> {
  return measured({ cwd: copy.dir, args: ["deno", "task", "--quiet", "test", name], ...orders });
}

/** Who noticed a mutant; undefined where everything passed. */
function noticed({ reports, stderr, status }: Heard): { path?: string; by: string } | undefined {
  if (reports.at(-1)?.kind === "end" && status === 0) return;
  const failed = reports.findLast((report) => report.kind === "failed");
  if (failed) return { path: failed.path, by: `${failed.path}: ${failed.test}: ${failed.why}` };
  return { by: errorLine(stderr) || `stopped with status ${status}: a loop that does not end` };
}

/** Without a mutant, everything passes. */
function unmutated(heard: Heard): void {
  const failed = noticed(heard);
  if (failed) failsAlready(failed.path ?? "the tests", failed.by);
}

function failsAlready(what: string, why: string): never {
  throw new Problem(`${what} fails without any mutant`, {
    remedy: `${why}\nMend that first: deno task test`,
  });
}
