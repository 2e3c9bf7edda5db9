// `deno task test`: every `*_test.ts` of the project in a child process with no more permission than its room needs,
// then the proofs of chapters and katas. Counts for itself: passed is a test that was declared, ran and ended well.

import { bold, cyan, red } from "@std/fmt/colors";
import { resolve, toFileUrl } from "@std/path";
import { readArguments } from "./tool/args.ts";
import { filesBelow } from "./tool/files.ts";
import { noSuch } from "./tool/nearest.ts";
import { sideBySide } from "./tool/pool.ts";
import { main } from "./tool/problem.ts";
import type { Report } from "./test/child.ts";
import { importMapOf } from "./test/import_map.ts";
import { errorLine, supervise, UVU_ENV } from "./tool/supervise.ts";
import { deno, type Limits } from "./tool/limited.ts";
import { complain, say, setUpColors, status } from "./tool/terminal.ts";

const HELP = `deno task test             all tests, then the proofs of chapters and katas
deno task test WORD…       only what has a word in its path: sim/mm, kata

The last line says how many passed and how many failed.`;

/** What one job, a file or a task, came to. */
interface Result {
  passed: number;
  failed: number;
  /** What is wrong, ready to print: `path:line: error: …`, and more lines. */
  told: string[];
  skipped: string[];
}

interface Job {
  /** What a filter is compared with, and what is shown while it runs. */
  name: string;
  run: () => Promise<Result>;
}

/** What a file's own process may take. A test that waits for other processes shows no work of its own: only the clock ends it. */
const LIMITS: Limits = { cpuSeconds: 120, silentMs: 1_800_000 };
/** The tasks that prove more than tests do; each ends with a line `N passed, N failed`. */
const PROOFS = ["chapter", "kata"];

async function runTests(): Promise<number> {
  setUpColors(Deno.stderr);
  const args = readArguments(Deno.args, { task: "test", help: HELP });
  if (!args) return 0;
  const jobs = choose(await allJobs(), args.words);

  // A pipe gets a line for each file, as a sign of life; a terminal one line that changes.
  const terminal = Deno.stdout.isTerminal();
  let passed = 0, failed = 0, finished = 0;
  const skipped: string[] = [];
  await sideBySide(jobs, async (job) => {
    status(`${finished} of ${jobs.length}  ${job.name}`);
    const result = await job.run();
    finished++;
    passed += result.passed;
    failed += result.failed;
    skipped.push(...result.skipped.map((test) => `${job.name}: ${test}`));
    if (result.told.length > 0) status("");
    complain(...result.told);
    if (!terminal) say(`${finished} of ${jobs.length}  ${job.name}: ${counts(result)}`);
  });
  status("");
  say(...skipped.map((test) => `skipped ${test}`));
  say(counts({ passed, failed }));
  return failed === 0 && passed > 0 ? 0 : 1;
}

function counts({ passed, failed }: Pick<Result, "passed" | "failed">): string {
  return `${passed} passed, ${failed} failed`;
}

/** The rooms of the house, what their tests may do, and the proofs. The slow ones come first. */
async function allJobs(): Promise<Job[]> {
  const temporary = Deno.env.get("TMPDIR") ?? "/tmp";
  const rooms: [dir: string, flags: string[]][] = [
    ["scripts", [
      "--allow-read",
      `--allow-write=${temporary},.woven`,
      "--allow-run=deno,git,sh",
      "--allow-net=127.0.0.1",
      "--allow-env",
    ]],
    ["sim", [UVU_ENV]],
    ["kata", [UVU_ENV]],
  ];
  const importMap = await importMapOf(".");
  const files: Job[] = [];
  for (const [dir, flags] of rooms) {
    for (const path of (await filesBelow(dir)).filter((path) => path.endsWith("_test.ts"))) {
      files.push({ name: path, run: () => runFile(path, flags, importMap) });
    }
  }
  return [
    ...PROOFS.map((task) => ({ name: `${task} --check`, run: () => runProof(task) })),
    ...files,
  ];
}

function choose(jobs: readonly Job[], words: readonly string[]): Job[] {
  if (words.length === 0) return [...jobs];
  for (const word of words) {
    if (jobs.some(({ name }) => name.includes(word))) continue;
    const names = jobs.map(({ name }) => name.replace(/^.*\//, "").replace("_test.ts", ""));
    throw noSuch("test", word, names, "A word is a part of a path: sim, site, kata");
  }
  return jobs.filter(({ name }) => words.some((word) => name.includes(word)));
}

async function runFile(
  path: string,
  flags: readonly string[],
  importMap: (url: string) => string,
): Promise<Result> {
  const url = toFileUrl(resolve(path)).href;
  const text = JSON.stringify;
  const heard = await supervise<Report>({
    flags: [...flags, `--import-map=${importMap(url)}`],
    program: (mark) =>
      `globalThis.UVU_DEFER = 1;
const { runFile } = await import(${text(import.meta.resolve("./test/child.ts"))});
await runFile(${text(mark)}, () => import(${text(url)}));
`,
    limits: LIMITS,
  });
  const result: Result = { passed: 0, failed: 0, told: [], skipped: [] };
  const fail = (test: string, message: string, details = "", stack = "") => {
    const line = stack.split(`${url}:`)[1]?.match(/^\d+/)?.[0];
    const place = cyan(line === undefined ? path : `${path}:${line}`);
    const body = `${message}\n${details}`.trim().split("\n").map((text) => `  ${text}`.trimEnd());
    result.failed++;
    result.told.push([`${place}: ${red("error")}: ${bold(test)}`, ...body].join("\n"));
  };
  let running = "loading the file";
  for (const report of heard.reports) {
    if (report.kind === "started") running = report.test;
    if (report.kind === "passed") result.passed++;
    if (report.kind === "skipped") result.skipped.push(report.test);
    if (report.kind === "failed") {
      const { test, message, details, stack } = report;
      fail(test, message, details.replaceAll("·", " "), `${message}\n${stack}`);
    }
  }
  const ended = heard.reports.some(({ kind }) => kind === "end");
  if (heard.stopped) fail(running, `stopped after ${heard.stopped.after}`);
  else if (!ended && result.failed === 0) {
    const why = heard.stderr.includes("promise never resolved")
      ? "it waits for a promise that nothing settles"
      : errorLine(heard.stderr) || "something called Deno.exit() or process.exit()";
    fail(running, `the file ended early with status ${heard.status}: ${why}`, "", heard.stderr);
  } else if (ended && heard.status !== 0) {
    fail("leaving the file", `it ended with status ${heard.status}`, heard.stderr);
  }
  if (result.passed + result.failed === 0) fail("the file", "no test ran");
  return result;
}

/** Runs a task with `--check` and believes its last line, unless its status says otherwise. */
async function runProof(task: string): Promise<Result> {
  const { code, stdout, stderr } = await deno(["task", "--quiet", task, "--check"]);
  const said = stdout.trim();
  const counts = said.match(/(?:^|\n)(\d+) passed, (\d+) failed$/);
  const failed = Math.max(Number(counts?.[2] ?? 0), code === 0 ? 0 : 1);
  const told = failed === 0 ? [] : [
    `${red("error")}: ${bold(`deno task ${task} --check`)} ended with status ${code}`,
    stderr.trim() || said,
  ];
  return { passed: Number(counts?.[1] ?? (code === 0 ? 1 : 0)), failed, told, skipped: [] };
}

if (import.meta.main) await main(runTests);
