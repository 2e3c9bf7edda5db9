// Runs a kata's module against its suite, in a child process that may do nothing but compute, and judges by counting:
// passed is only what declared at least one test, ran and passed every one, reached its end and left with status 0.

import { resolve, toFileUrl } from "@std/path";
import { errorLine, type Heard as HeardOf, supervise, UVU_ENV } from "../tool/supervise.ts";
import { hashOf, textAt, unlessMissing } from "../tool/files.ts";
import type { Limits } from "../tool/limited.ts";
import { printable } from "../tool/printable.ts";
import { Problem } from "../tool/problem.ts";
import type { Report } from "./child.ts";
import { IMPORTING, refusedImport, refusedSuite, SOLUTION } from "./given.ts";
import type { Kata } from "./list.ts";
import { exportsOf, signaturesOf } from "./source.ts";

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
  /** What the module printed, where it printed something: when it was loaded, and in the test that failed or in all. */
  note?: string;
  /** How many lines it printed in other tests. */
  elsewhere?: number;
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
  /** Let the text lean on this one instead of the solution. */
  solution?: string;
  /** Orders what the suite asks in any order; otherwise the text does, so that the same text is asked the same. */
  seed?: number;
}

/** No suite needs a tenth of that, so what takes it is called endless. */
const LIMITS: Limits = { cpuSeconds: 10, silentMs: 120_000, memoryMb: 600 };
/** An endless loop that allocates dies of this before it takes the machine with it. */
const HEAP_MB = 512;
/** Without `eval`, what a file imports is what it says that it imports. */
const V8_FLAGS = `--max-old-space-size=${HEAP_MB},--disallow-code-generation-from-strings`;

/** A file of a kata that may be loaded. */
interface Module {
  kata: Kata;
  file: string;
  path: string;
  source: string;
  url: string;
  seed: number;
}

/** What a child has to say of one module. */
type Heard = Pick<HeardOf<Report>, "reports" | "printedAfter" | "stderr" | "status" | "stopped">;

/** Judges `file` of a kata: `attempt.ts`, `exercise.ts`, `solution.ts`, `wrong/….ts`. */
export async function runKata(
  kata: Kata,
  file: string,
  options: RunOptions = {},
): Promise<Verdict> {
  const module = await suiteRefused(kata, file) ?? await open(kata, { file, ...options });
  return "state" in module ? module : verdictOf(module, await inChild([module], "end", options));
}

/** The verdict on a file whose suite may not be loaded. */
async function suiteRefused(kata: Kata, file: string): Promise<Verdict | undefined> {
  const refused = await refusedSuite(kata);
  if (!refused) return undefined;
  const { path, message, line } = refused;
  return cannot({ kata, file, path }, "loading the suite", message, line);
}

/** A file of a kata, or another text in its place. */
export interface Text extends Pick<RunOptions, "source" | "solution" | "seed"> {
  file: string;
}

/**
 * Judges many modules of a kata, each up to the first test that fails, in one child: most of what a run costs is its
 * start. If one of them ends the child or does not end, each is run by itself.
 */
export async function runTogether(kata: Kata, texts: readonly Text[]): Promise<Verdict[]> {
  const refused = await suiteRefused(kata, "");
  if (refused) return texts.map(({ file }) => ({ ...refused, file }));
  const opened = await Promise.all(texts.map((text) => open(kata, text)));
  const modules = opened.filter((one) => !("state" in one)) as Module[];
  const heard = await inChild(modules, "failure");
  const parts: Report[][] = [];
  for (const report of heard.reports) {
    if (report[0] === "module") parts.push([]);
    else parts.at(-1)?.push(report);
  }
  const ended = parts.filter((part) =>
    ["end", "broken", "mistyped"].includes(part.at(-1)?.[0] ?? "")
  );
  const clean = heard.status === 0 && !heard.stopped && ended.length === modules.length;
  return await Promise.all(opened.map((one, i) => {
    if ("state" in one) return one;
    if (!clean) return runKata(kata, one.file, texts[i]);
    return verdictOf(one, {
      ...heard,
      printedAfter: new Map(),
      reports: parts[modules.indexOf(one)]!,
    });
  }));
}

/** Reads a file of a kata, and refuses what would load anything but the simulator, or the solution if it is a wrong fix. */
async function open(kata: Kata, { file, ...text }: Text): Promise<Module | Verdict> {
  const path = `${kata.dir}/${file}`;
  const reading = (why: string) => cannot({ kata, file, path }, "reading the file", why);
  let source: string | undefined;
  try {
    source = text.source ?? await unlessMissing(textAt(path));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return reading(error.message);
  }
  if (source === undefined) return reading(`there is no ${path}`);
  const refused = refusedImport(source, file);
  if (refused) return cannot({ kata, file, path }, IMPORTING, refused.message, refused.line);
  const url = text.source === undefined ? toFileUrl(resolve(path)).href : dataUrl(text);
  const seed = text.seed ?? 1 + parseInt(hashOf(source).slice(0, 6), 16);
  return { kata, file, path, source, url, seed };
}

/** A text as a module. No path leads out of one, so that what it leans on comes along. */
function dataUrl({ source = "", solution }: Omit<Text, "file">): string {
  const text = solution === undefined
    ? source
    : source.replaceAll(SOLUTION, dataUrl({ source: solution }));
  // Between quotes of either kind this text is a specifier in another one.
  return `data:application/typescript,${encodeURIComponent(text).replaceAll("'", "%27")}`;
}

function verdict(
  { kata: { slug }, file }: Pick<Module, "kata" | "file">,
  state: Verdict["state"],
  failure?: Failure,
  passed = 0,
  total = 0,
): Verdict {
  return { slug, file, passed, total, state, ...failure && { failure } };
}

function cannot(
  module: Pick<Module, "kata" | "file" | "path">,
  test: string,
  message: string,
  line?: number,
): Verdict {
  const where = line && { where: `${module.path}:${line}` };
  return verdict(module, "broken", { test, message, ...where, assertion: false, asked: "" });
}

/** What the reports of one module come to. */
function verdictOf(module: Module, heard: Heard): Verdict {
  const { kata, path, source, url } = module, { reports } = heard;
  const testUrl = testUrlOf(kata);
  const done = (judged: Verdict): Verdict => ({ ...judged, ...printedIn(heard, judged) });

  const line = (stack: string) => stack.split(`${url}:`)[1]?.match(/^\d+/)?.[0];
  const exported = exportsOf(source), [firstExport = 1] = exported.values();
  const where = (stack: string, asked = "") => ({
    where: `${path}:${line(stack) ?? exported.get(asked) ?? firstExport}`,
  });
  const tests = reports.find((report) => report[0] === "tests")?.slice(1) ?? [];
  const passed = reports.filter((report) => report[0] === "passed").length;
  const running = reports.findLast((report) => report[0] === "started")?.[1];
  const during = running ?? "loading the file";

  if (heard.stopped) {
    const { by, after } = heard.stopped;
    const failure = {
      test: during,
      message: `stopped after ${after}: ${
        by === "clock"
          ? "does it wait for something, or is the machine too busy?"
          : by === "output"
          ? "is there a loop that never ends, or does it print too much?"
          : "is there a loop that never ends, or is it only slow?"
      }`,
      ...where("", askedLast(reports)),
      assertion: false,
      asked: "",
    };
    return done(verdict(module, running ? "failed" : "broken", failure, passed, tests.length));
  }
  const mistyped = reports.find((report) => report[0] === "mistyped");
  if (mistyped) {
    const [, name, message] = mistyped;
    return done(cannot(module, "types", message, exported.get(name) ?? firstExport));
  }
  const broken = reports.find((report) => report[0] === "broken");
  if (broken) {
    const [, message, stack] = broken;
    const at = Number(line(`${message}\n${stack}`)) || undefined;
    return done(cannot(module, "loading", printable(message.split("\n")[0]!), at));
  }
  if (!reports.some((report) => report[0] === "end") || heard.status !== 0) {
    const at = Number(line(heard.stderr)) || undefined;
    return done(cannot(module, during, ending(heard.status, heard.stderr), at));
  }
  const counting = "counting the tests";
  if (tests.length === 0) return done(cannot(module, counting, "the suite declares no test"));
  const failed = reports.find((report) => report[0] === "failed");
  if (failed) {
    const [, test, name, message, details, stack, assertion, askedLast] = failed;
    const failure = {
      test,
      message: printable(assertion ? message : `${name}: ${message}`),
      // uvu draws spaces as dots.
      ...details && { details: printable(details.replaceAll("·", " ")) },
      ...where(stack, askedLast),
      assertion: assertion !== "",
      asked: [...stack.matchAll(new RegExp(`${RegExp.escape(testUrl)}:(\\d+:\\d+)`, "g"))]
        .map((match) => match[1]).join(" "),
    };
    return done(verdict(module, "failed", failure, passed, tests.length));
  }
  const counted = new Set(reports.flatMap((report) => report[0] === "passed" ? [report[1]] : []));
  if (passed !== tests.length || counted.size !== tests.length) {
    const why = `${passed} of ${tests.length} tests reported an end`;
    return done(cannot(module, counting, why));
  }
  return done(verdict(module, "passed", undefined, passed, tests.length));
}

/** What was printed when the file was loaded and in the test that a verdict is about; in all of them if that is none. */
function printedIn(
  { reports, printedAfter }: Heard,
  { failure }: Verdict,
): Pick<Verdict, "note" | "elsewhere"> {
  const from = reports.findIndex(([what, test]) => what === "started" && test === failure?.test);
  const after = reports.slice(from).findIndex(([what]) => what === "failed");
  const until = after < 0 ? reports.length : from + after;
  const first = reports.findIndex(([what]) => what === "started");
  let note = "", elsewhere = 0;
  for (const [at, text] of printedAfter) {
    const printed = text.split("\n").filter((line) => line !== "");
    const here = from < 0 || first < 0 || at <= first || at > from && at <= until;
    // Every report begins a line of its own, so that a blank one may stand before it.
    if (here) note += text.replace(/\n*$/, printed.length ? "\n" : "");
    else elsewhere += printed.length;
  }
  note = printable(note).trim();
  return { ...note && { note }, ...elsewhere && { elsewhere } };
}

/** The function that was asked last in the test that did not end; empty where none was. */
function askedLast(reports: readonly Report[]): string {
  const last = reports.findLast(([what]) => what === "started" || what === "asks");
  return last?.[0] === "asks" ? last[1] : "";
}

function testUrlOf(kata: Kata): string {
  return toFileUrl(resolve(kata.dir, "test.ts")).href;
}

/** Runs the suite of a kata in front of its modules, with no permission beyond what uvu asks for. */
function inChild(
  modules: readonly Module[],
  until: "end" | "failure",
  { limits = LIMITS, signal }: RunOptions = {},
): Promise<HeardOf<Report>> {
  const { kata } = modules[0]!, text = JSON.stringify;
  const load = (url: string) => `() => import(${text(url)})`;
  return supervise<Report>({
    flags: ["--no-remote", UVU_ENV, `--v8-flags=${V8_FLAGS}`],
    // Literal specifiers need no read permission, and a program on standard input leaves no file behind.
    program: (mark) =>
      `import { judge } from ${text(import.meta.resolve("./child.ts"))};
await judge(${text(mark)}, {
  exports: ${text([...exportsOf(kata.exercise).keys()])},
  signatures: ${text(signaturesOf(kata.exercise))},
  loadSuite: ${load(testUrlOf(kata))},
  modules: [${modules.map(({ url, seed }) => `{ load: ${load(url)}, seed: ${seed} }`).join(", ")}],
  until: ${text(until)},
});
`,
    limits: { ...limits, cpuSeconds: limits.cpuSeconds * modules.length },
    ...signal && { signal },
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
