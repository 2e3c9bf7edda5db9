// Runs a kata's module against its suite, in a child process that may do nothing but compute, and judges by counting:
// passed is only what declared at least one test, ran and passed every one, reached its end and left with status 0.

import { resolve, toFileUrl } from "@std/path";
import { errorLine, supervise, UVU_ENV } from "../test/supervise.ts";
import type { Limits } from "../tool/limited.ts";
import type { Report } from "./child.ts";
import type { Kata } from "./list.ts";
import { exportsOf, importsOf } from "./source.ts";

/** What is known of a module after its suite ran. */
export interface Verdict {
  slug: string;
  /** The file that was judged, in the kata's folder. */
  file: string;
  /** How many tests passed, of how many that were declared. */
  passed: number;
  total: number;
  /** "failed" by a test; "broken" where the suite could not judge. */
  state: "passed" | "failed" | "broken";
  /** The first thing that is wrong. */
  failure?: Failure;
  /** What the module printed, where it printed something. */
  note?: string;
}

export interface Failure {
  /** The test, or what was going on instead. */
  test: string;
  message: string;
  /** The story: operations, pictures, or a comparison; lines. */
  details?: string;
  /** The learner's code, `path:line`. */
  where?: string;
  /** Whether the suite threw it; otherwise the code under test crashed. */
  assertion: boolean;
  /** The lines of test.ts that asked, innermost first, "41:5": what tells one assertion from another. */
  asked: string;
}

export interface RunOptions {
  /** How much the suite may take; for tests. */
  limits?: Limits;
  /** Ends the run; the verdict is then worthless. */
  signal?: AbortSignal;
  /** Judge this text instead of the file's. */
  source?: string;
}

/** No suite needs a tenth of that, so what takes it is called endless. */
const LIMITS: Limits = { cpuSeconds: 10, silentMs: 60_000 };
/** An endless loop that allocates dies of this before it takes the machine with it. */
const HEAP_MB = 512;
/** Without `eval`, what a file imports is what it says that it imports. */
const V8_FLAGS = `--max-old-space-size=${HEAP_MB},--disallow-code-generation-from-strings`;

/** Judges `file` of a kata: `attempt.ts`, `exercise.ts`, `solution.ts`, `wrong/….ts`. */
export async function runKata(
  kata: Kata,
  file: string,
  options: RunOptions = {},
): Promise<Verdict> {
  const path = `${kata.dir}/${file}`;
  const verdict = (state: Verdict["state"], failure?: Failure, passed = 0, total = 0): Verdict => ({
    slug: kata.slug,
    file,
    passed,
    total,
    state,
    ...failure && { failure },
  });
  const cannot = (test: string, message: string, line?: number) =>
    verdict("broken", {
      test,
      message,
      ...line && { where: `${path}:${line}` },
      assertion: false,
      asked: "",
    });

  let source: string;
  try {
    source = options.source ?? await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return cannot("reading the file", `there is no ${path}`);
  }
  const refused = importsOf(source).find(({ specifier }) => specifier !== "sim");
  if (refused) {
    const what = refused.specifier ? `"${refused.specifier}"` : "a computed name";
    return cannot("importing", `it imports ${what}: a kata imports from "sim" only`, refused.line);
  }

  const url = options.source === undefined
    ? toFileUrl(resolve(path)).href
    : `data:application/typescript,${encodeURIComponent(source)}`;
  const testUrl = toFileUrl(resolve(kata.dir, "test.ts")).href;
  const run = await inChild(kata, url, testUrl, options);
  const printed = run.printed.trim();
  const done = (judged: Verdict): Verdict => printed ? { ...judged, note: printed } : judged;

  const line = (stack: string) => stack.split(`${url}:`)[1]?.match(/^\d+/)?.[0];
  const firstExport = [...exportsOf(source).values()][0];
  const where = (stack: string) => ({ where: `${path}:${line(stack) ?? firstExport ?? 1}` });
  const tests = run.reports.find((report) => report[0] === "tests")?.slice(1) ?? [];
  const passed = run.reports.filter((report) => report[0] === "passed").length;
  const running = run.reports.findLast((report) => report[0] === "started")?.[1];
  const during = running ?? "loading the file";

  if (run.stopped) {
    const asleep = run.stopped.includes("clock");
    const failure = {
      test: during,
      message: asleep
        ? `stopped ${run.stopped}: does it wait for something that never comes?`
        : `stopped ${run.stopped}: is there a loop that never ends?`,
      ...where(""),
      assertion: false,
      asked: "",
    };
    return done(verdict(running ? "failed" : "broken", failure, passed, tests.length));
  }
  const broken = run.reports.find((report) => report[0] === "broken");
  if (broken) {
    const [, message, stack] = broken;
    return done(
      cannot("loading", message.split("\n")[0]!, Number(line(`${message}\n${stack}`)) || undefined),
    );
  }
  if (!run.reports.some((report) => report[0] === "end") || run.status !== 0) {
    return done(
      cannot(during, ending(run.status, run.stderr), Number(line(run.stderr)) || undefined),
    );
  }
  if (tests.length === 0) return done(cannot("counting the tests", "the suite declares no test"));
  const failed = run.reports.find((report) => report[0] === "failed");
  if (failed) {
    const [, test, name, message, details, stack, assertion] = failed;
    const failure = {
      test,
      message: assertion ? message : `${name}: ${message}`,
      // uvu draws spaces as dots.
      ...details && { details: details.replaceAll("·", " ") },
      ...where(stack),
      assertion: assertion !== "",
      asked: [...stack.matchAll(new RegExp(`${RegExp.escape(testUrl)}:(\\d+:\\d+)`, "g"))]
        .map((match) => match[1]).join(" "),
    };
    return done(verdict("failed", failure, passed, tests.length));
  }
  const counted = new Set(
    run.reports.flatMap((report) => report[0] === "passed" ? [report[1]] : []),
  );
  if (passed !== tests.length || counted.size !== tests.length) {
    return done(cannot("counting the tests", `${passed} of ${tests.length} tests reported an end`));
  }
  return done(verdict("passed", undefined, passed, tests.length));
}

/** Runs the suite in front of a module, with no permission beyond what uvu asks for. */
function inChild(kata: Kata, url: string, testUrl: string, options: RunOptions) {
  const exports = [...exportsOf(kata.exercise).keys()];
  const text = JSON.stringify;
  return supervise<Report>({
    flags: ["--no-remote", UVU_ENV, `--v8-flags=${V8_FLAGS}`],
    // Literal specifiers need no read permission, and a program on standard input leaves no file behind.
    program: (mark) =>
      `import { judge } from ${text(import.meta.resolve("./child.ts"))};
await judge(${text(mark)}, ${text(exports)}, () => import(${text(testUrl)}), () => import(${
        text(url)
      }));
`,
    limits: options.limits ?? LIMITS,
    ...options.signal && { signal: options.signal },
  });
}

/** Why a run ended before its end. */
function ending(status: number, stderr: string): string {
  if (status === 0) return "the run was ended: something called Deno.exit() or process.exit()";
  if (stderr.includes("out of memory")) {
    return `it took more than ${HEAP_MB} MB of memory: is there a loop that never ends?`;
  }
  if (stderr.includes("promise never resolved")) {
    return "it waits for a promise that nothing settles";
  }
  return errorLine(stderr) ||
    `the run was ended with status ${status}: something called Deno.exit()`;
}
