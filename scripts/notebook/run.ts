// Chapters run from nothing, and what became of each: results, and at most one problem.
//
// Each chapter has a child process of its own. One child for all would take a quarter of the time, and a cell that
// changes an object of the simulator, or one of the language, would change what the next chapter prints.

import { eraNamed } from "../../sim/mod.ts";
import { sideBySide } from "../tool/pool.ts";
import { Problem } from "../tool/problem.ts";
import type { Limits } from "../tool/limited.ts";
import { type Heard, supervise } from "../tool/supervise.ts";
import { type CellError, type CellResult, collect, type Report } from "./harness.ts";
import { hints, isReport } from "./reports.ts";
import { root } from "./files.ts";
import {
  type Cell,
  cellName,
  cellsOf,
  type Chapter,
  linesOf,
  type Module,
  type Run,
} from "./chapter.ts";
import { prepare } from "./modules.ts";
import { chapterText, placeInStack, readableFrames, syntaxPlace } from "./addresses.ts";

export interface RunOptions {
  /** The name of a kernel, a release or an era, that all chapters run under; without it each runs under its own era. */
  kernel?: string;
  /** What each chapter may take; for tests. */
  limits?: Limits;
}

/** Several times what the longest chapter takes. */
const LIMITS: Limits = { cpuSeconds: 10, silentMs: 120_000, memoryMb: 600 };

/**
 * Runs every cell of the chapters, by slug, as many chapters at a time as there are processors.
 *
 * A chapter that would load anything but the simulator does not run; one that ends its process or hangs is named.
 */
export async function runChapters(
  chapters: readonly Chapter[],
  { kernel, limits = LIMITS }: RunOptions = {},
): Promise<Map<string, Run>> {
  const { modules, refused } = await prepare(chapters);
  const runs = new Map<string, Run>();
  for (const [slug, [problem]] of refused) runs.set(slug, { cells: [], problem: problem! });
  await sideBySide(modules, async (module) => {
    runs.set(module.chapter.slug, await runModule(module, kernel, limits));
  });
  return new Map(chapters.map(({ slug }) => [slug, runs.get(slug)!]));
}

async function runModule(
  module: Module,
  kernel: string | undefined,
  limits: Limits,
): Promise<Run> {
  const { chapter, url } = module;
  const problem = kernel === undefined ? eraProblem(chapter) : undefined;
  if (problem) return { cells: [], problem };
  const heard = await runOnce(url, kernel ?? chapter.front.kernel, limits), { reports } = heard;
  const cells = collect(reports).map((result) => ({ ...result, ...located(result, module) }));
  const failed = reports.find((report) => report.kind === "error");
  const clean = !heard.stopped && heard.status === 0 && hasEnded(heard);
  const why = failed
    ? errorProblem(chapter, cells, failed.cell)
    : clean
    ? undefined
    : deathProblem(chapter, heard);
  return { cells: cells.filter(({ index }) => index >= 0), ...(why ? { problem: why } : {}) };
}

/** Nothing is allowed; a cell that collects without end fails before the machine does. */
export const flags = [
  "--no-config", // whose simulator is not watched, and would win
  "--import-map=scripts/notebook/watched.json",
  "--no-remote",
  "--no-npm",
  "--no-lock",
  "--cached-only",
  "--v8-flags=--max-old-space-size=512",
];

/** Runs a woven module in a child with no permission; the clock also ends what outlasts the last cell. */
function runOnce(url: string, kernel: string, limits: Limits): Promise<Heard<Report>> {
  const text = JSON.stringify;
  return supervise<Report>({
    ...{ flags, limits, cwd: root, reportsAlone: true },
    program: (mark) =>
      `import { runChild } from "./scripts/notebook/child.ts";
await runChild(${text(mark)}, ${text(kernel)}, () => import(${text(url)}));
`,
    valid: isReport,
    progress: ({ kind }) => kind === "begin" || kind === "end", // printing is none
  });
}

const hasEnded = ({ reports }: Heard<Report>): boolean =>
  reports.some(({ kind }) => kind === "end");

/** The front matter's era must exist. */
function eraProblem({ path, head, front }: Chapter): Problem | undefined {
  try {
    eraNamed(front.kernel);
  } catch (error) {
    const line = linesOf(head).findIndex((text) => text.startsWith("kernel")) + 1;
    return new Problem((error as Error).message, { path, line });
  }
}

/** An error with its place in the chapter, and its stack as a reader knows the files. */
function located({ error }: CellResult, module: Module): { error?: CellError } {
  if (!error) return {};
  const stack = chapterText(error.stack ?? "", [module]);
  const text = chapterText(error.message, [module]);
  const [syntax, inText] = syntaxPlace(text, {}); // a module that does not link says where in its message
  const place = inText.line ? inText : placeInStack(stack, module.chapter.path);
  return { error: { name: error.name, message: inText.line ? syntax : text, ...place, stack } };
}

function errorProblem(chapter: Chapter, cells: readonly CellResult[], index: number): Problem {
  const error = cells.find((result) => result.index === index)!.error!;
  const cell = cellsOf(chapter)[index];
  const place = { path: chapter.path, line: error.line ?? cell?.line ?? 1, column: error.column };
  if (!cell) return new Problem(error.message, place);
  if (/^(?:Printed|Threw|Forged)/.test(error.name)) {
    return new Problem(`${cellName(cell)} ${error.message}`, {
      ...place,
      remedy: hints[error.name],
    });
  }
  // A refusal of the modelled kernel, EFAULT or SIGSEGV, says all in its message.
  const frames = /^(?:E|SIG)[A-Z]+$/.test(error.name) ? [] : readableFrames(error.stack ?? "");
  const mark = error.name && !cell.marks.throws
    ? [`Mend it, or mark the cell \`throws=${error.name}\` if that is the point`]
    : [];
  const advice = error.name === "NotCapable" ? [notCapable] : mark;
  const expected = cell.marks.throws ? `, and is marked throws=${cell.marks.throws}` : "";
  const what = error.name || "something that is no Error";
  return new Problem(`${cellName(cell)} threw ${what}${expected}`, {
    ...place,
    remedy: [error.message, ...frames.length > 1 ? frames : [], ...advice].join("\n"),
  });
}

const notCapable = "A cell reads no file and opens no socket: nobody can give it that permission";

/** Why a child died while, or after, a chapter ran in it. */
function deathProblem(chapter: Chapter, heard: Heard<Report>): Problem {
  const { reports, stopped, status } = heard;
  const begun = reports.findLast((report) => report.kind === "begin");
  const cell: Cell | undefined = begun && cellsOf(chapter)[begun.cell];
  const place = { path: chapter.path, line: cell?.line ?? 1 };
  const who = cell ? cellName(cell) : "the chapter";
  const stderr = chapterText(heard.stderr, []).trim();
  if (stopped?.by === "output") {
    return new Problem(`${who} writes to stdout by itself`, {
      ...place,
      remedy: `It wrote ${
        JSON.stringify(heard.printed.trim().slice(0, 60))
      }\nPrint with console.log, show a view with show()`,
    });
  }
  if (stopped?.by === "report") {
    return new Problem(`${who} changes how the chapter reports`, {
      ...place,
      remedy: "It writes what no cell writes: leave the language's own objects alone",
    });
  }
  if (stopped) {
    return hasEnded(heard)
      ? new Problem("something still runs after the last cell", {
        ...place,
        remedy:
          `It was stopped after ${stopped.after}\nEnd timers and workers in the cell that starts them`,
      })
      : new Problem(`${who} does not end`, {
        ...place,
        remedy: stopped.by === "clock"
          ? `It was stopped after ${stopped.after}: look for what it waits for, unless the machine is too busy`
          : `It was stopped after ${stopped.after}: look for a loop whose condition never changes`,
      });
  }
  if (/Top-level await promise never resolved/.test(stderr)) {
    return new Problem(`${who} waits for a promise that never settles`, {
      ...place,
      remedy: "Nothing is left that could resolve what it awaits",
    });
  }
  if (/out of memory|memory allocation of \d+ bytes failed/.test(stderr)) {
    return new Problem(`${who} ran out of memory`, { ...place, remedy: "It may use 512 MB" });
  }
  return new Problem(`${who} ended the process with status ${status}`, {
    ...place,
    remedy: stderr || "A cell calls neither Deno.exit() nor process.exit()",
  });
}
