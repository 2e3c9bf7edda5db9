// `deno task fuzz`: what people write, as bad luck and bad will make it. Whatever a file holds, a task reads it or refuses it
// with its file and line: no error that nobody foresaw, no escape, no work without end.

import type { Report } from "./fuzz/child.ts";
import type { Found } from "./fuzz/search.ts";
import { readArguments, wholeNumber } from "./tool/args.ts";
import { main, Problem } from "./tool/problem.ts";
import { type Heard, supervise } from "./tool/supervise.ts";
import { say, setUpColors, status } from "./tool/terminal.ts";
import { plural } from "./tool/text.ts";

const HELP = `deno task fuzz    20,000 mutated chapters, ledgers, scenes, katas, files of progress

--count N    how many, 20000 unless told
--seed S     those of an earlier run
--path P     with --seed, the one that was found there

Each is read, or refused with its file and line. The first that is neither is made as short as it goes, and printed.`;

/** Runs the task: 1 when something was neither read nor refused. */
export async function fuzz(args: string[]): Promise<number> {
  setUpColors();
  const options = readArguments(args, {
    task: "fuzz",
    help: HELP,
    values: ["count", "seed", "path"],
    words: 0,
  });
  if (!options) return 0;
  const { path } = options;
  const count = wholeNumber("count", options.count, { least: 1 }) ?? 20_000;
  const seed = wholeNumber("seed", options.seed) ??
    crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000_000;
  if (path !== undefined && (!/^\d+(?::\d+)*$/.test(path) || options.seed === undefined)) {
    throw new Problem("--path is a row of numbers with colons between, and stands beside --seed", {
      remedy: "Take both from the line that begins with `again:`",
    });
  }
  say(`seed ${seed}`);
  const heard = await searched({ count, seed, ...path !== undefined && { path } });
  status("");
  const end = heard.reports.findLast((report) => report.kind === "end");
  if (end?.found) return say(...foundLines(end.found, seed)), 1;
  if (!end) return say(...endlessLines(heard, seed)), 1;
  say(`${path === undefined ? plural(count, "text") : "that one text"}: each is read or refused`);
  return 0;
}

/** Searches in a child, whose work has an end: many times what so many texts take. */
function searched(
  order: { count: number; seed: number; path?: string },
): Promise<Heard<Report>> {
  const text = JSON.stringify;
  return supervise<Report>({
    flags: ["--allow-read=.", "--allow-write=.woven", "--allow-env=LOG,COLUMNS,INIT_CWD"],
    program: (mark) =>
      `import { fuzz } from ${text(import.meta.resolve("./fuzz/child.ts"))};
await fuzz(${text(mark)}, ${text(order)});
`,
    limits: { cpuSeconds: 60 + Math.ceil(order.count / 20), silentMs: 600_000 },
    progress(report) {
      if (report.kind === "text" && report.number % 100 === 0) {
        status(
          report.number > order.count
            ? "making it shorter"
            : `${report.number} of ${order.count} texts`,
        );
      }
      return true;
    },
  });
}

/** What is told of a text that breaks something. */
export function foundLines({ target, text, what, path }: Found, seed: number): string[] {
  return [
    `error: a text for the ${target} is neither read nor refused as it should be`,
    ...what.split("\n").map((line) => `  ${line}`),
    `  again: deno task fuzz --seed ${seed} --path ${path}`,
    "",
    text,
  ];
}

/** What is told where the search itself did not end. */
function endlessLines({ reports, stopped, stderr }: Heard<Report>, seed: number): string[] {
  const last = reports.findLast((report) => report.kind === "text")?.number ?? 0;
  return [
    `error: text ${last} of seed ${seed} ended the search`,
    `  ${stopped ? `It was stopped after ${stopped.after}` : stderr.trim()}`,
    `  again: deno task fuzz --seed ${seed} --path ${Math.max(last - 1, 0)}`,
  ];
}

if (import.meta.main) await main(() => fuzz(Deno.args));
