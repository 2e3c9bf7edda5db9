// `deno task chapter`: lists the chapters, reads and runs one in the terminal, writes or compares the stored outputs.

import { parseArgs } from "@std/cli/parse-args";
import { eraNamed, eras } from "../sim/mod.ts";
import { typeProblems } from "./notebook/check.ts";
import { nearest, readChapters, readText, root, writeAtomic } from "./notebook/files.ts";
import { cellName, cellsOf, type Chapter, print } from "./notebook/markdown.ts";
import { prepare } from "./notebook/modules.ts";
import { differences, staleOutputs, wideOutputs, withOutputs } from "./notebook/outputs.ts";
import { read } from "./notebook/reader.ts";
import { type Run, runChapters } from "./notebook/run.ts";
import { main, Problem } from "./problem.ts";
import { columnsOf, during, painted, say, setUpColors, terminalColumns, wrap } from "./terminal.ts";

const help =
  `deno task chapter                     the chapters, and whether their outputs are current
deno task chapter owners              reads and runs one; its number, 00, will do

  --kernel page_count   runs it under another era: ${eras.map(({ name }) => name).join(", ")}
  --check               compares outputs and checks types, of all chapters or the named ones
  --accept              writes the outputs into the Markdown, of all chapters or the named ones
  --help                this text`;

const flags = ["kernel", "check", "accept", "help"];

/** Runs the task; returns the exit status. */
async function chapter(args: string[]): Promise<number> {
  const options = parseArgs(args, {
    boolean: ["check", "accept", "help"],
    string: ["kernel", "_"],
    alias: { h: "help" },
    unknown: (arg) => {
      if (!arg.startsWith("-")) return;
      throw new Problem(`there is no ${arg}`, {
        remedy: `Did you mean --${nearest(arg.replace(/^-+/, "").replace(/=.*/s, ""), flags)}?`,
      });
    },
  });
  setUpColors();
  if (options.help) {
    say(help);
    return 0;
  }
  const kernel = options.kernel === undefined ? undefined : String(options.kernel);
  const { check, accept } = options;
  if ([kernel !== undefined, check, accept].filter(Boolean).length > 1) {
    throw new Problem("--kernel, --check and --accept exclude each other", {
      remedy: "Stored outputs are those of the chapter's own era",
    });
  }
  if (kernel !== undefined) knownEra(kernel);
  const { chapters, problems } = await readChapters();
  const named = options._.map((name) => choose(String(name), chapters, problems));
  if (check) {
    return await compare(named.length > 0 ? named : chapters, named.length > 0 ? [] : problems);
  }
  if (accept) {
    return await acceptOutputs(
      named.length > 0 ? named : chapters,
      named.length > 0 ? [] : problems,
    );
  }
  if (named.length > 0) return await show(named, kernel);
  if (kernel !== undefined) throw new Problem("--kernel is for reading a chapter: name one");
  return await list(chapters, problems);
}

function knownEra(name: string): void {
  try {
    eraNamed(name);
  } catch {
    const names = eras.map(({ name }) => name);
    throw new Problem(`there is no kernel \`${name}\``, {
      remedy: `Did you mean ${nearest(name, names)}? There are ${names.join(", ")}`,
    });
  }
}

/** The chapter that a person names: by number, slug, file name or path. Throws its problem if it cannot be read. */
function choose(name: string, chapters: readonly Chapter[], problems: readonly Problem[]): Chapter {
  const names = (path: string) => {
    const [, file = "", number = "", slug = ""] = path.match(/((\d+)-(.*))\.md$/) ?? [];
    return [number, slug, file, `${file}.md`, path];
  };
  const found = chapters.find(({ path }) => names(path).includes(name));
  if (found) return found;
  const broken = problems.find(({ place }) => names(place.path ?? "").includes(name));
  if (broken) throw broken;
  const slugs = chapters.map(({ slug }) => slug);
  throw new Problem(`there is no chapter \`${name}\``, {
    remedy: slugs.length > 0 ? `Did you mean ${nearest(name, slugs)}?` : "There is none yet",
  });
}

async function list(chapters: readonly Chapter[], problems: readonly Problem[]): Promise<number> {
  const runs = await during("running the chapters", () => runChapters(chapters));
  const columns = terminalColumns();
  const rows = chapters.map((chapter) => ({
    chapter,
    state: stateOf(chapter, runs.get(chapter.slug)!),
  }));
  const widest = (texts: string[]) => Math.max(0, ...texts.map(columnsOf));
  const slugs = widest(rows.map(({ chapter }) => chapter.slug));
  const states = widest(rows.map(({ state }) => state));
  for (const { chapter: { number, slug, front }, state } of rows) {
    const start = `${number}  ${slug.padEnd(slugs)}  ${state.padEnd(states)}`;
    const beside = columns - start.length - 2 >= 30;
    const indent = " ".repeat(beside ? start.length + 2 : 4);
    const lines = wrap([{ text: front.question }], columns - indent.length).map(painted);
    if (beside) say(`${start}  ${lines[0]}`, ...lines.slice(1).map((line) => indent + line));
    else say(start.trimEnd(), ...lines.map((line) => indent + line));
  }
  return reportAll([...problems, ...[...runs.values()].flatMap(({ problem }) => problem ?? [])]);
}

function stateOf(chapter: Chapter, run: Run): string {
  const count = cellsOf(chapter).length;
  const cells = `${count} cell${count === 1 ? "" : "s"}`;
  const stale = differences(chapter, run.cells).length;
  if (run.problem) return `${cells}, fails`;
  return `${cells}, ${stale === 0 ? "current" : `${stale} not current`}`;
}

async function show(chapters: readonly Chapter[], kernel?: string): Promise<number> {
  const [runs, own] = await during("running", () =>
    Promise.all([
      runChapters(chapters, kernel ? { kernel } : {}),
      kernel ? runChapters(chapters) : undefined,
    ]));
  let status = 0;
  for (const chapter of chapters) {
    const run = runs.get(chapter.slug)!;
    const columns = terminalColumns();
    say(
      ...read(chapter, run, columns, kernel ? { kernel, own: own!.get(chapter.slug)! } : undefined),
    );
    const stale = kernel ? 0 : differences(chapter, run.cells).length;
    if (stale > 0) {
      console.error(
        `\n${chapter.path}: not what was printed here: ${counted(stale, "stored output")}; ` +
          `see \`deno task chapter ${chapter.slug} --check\``,
      );
    }
    status ||= reportAll(run.problem ? [run.problem] : []);
  }
  return status;
}

async function compare(
  chapters: readonly Chapter[],
  problems: readonly Problem[],
): Promise<number> {
  const [runs, types, { refused }] = await during(
    "running and checking",
    () => Promise.all([runChapters(chapters), typeProblems(chapters), prepare(chapters)]),
  );
  const found = chapters.flatMap((chapter) => {
    const { cells, problem } = runs.get(chapter.slug)!;
    const ran = refused.get(chapter.slug) ?? (problem ? [problem] : []);
    const own = types.filter(({ place }) => place.path === chapter.path);
    const all = [...ran, ...own, ...staleOutputs(chapter, cells), ...wideOutputs(chapter, cells)];
    return all.sort((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0));
  });
  const elsewhere = types.filter(({ place }) => chapters.every(({ path }) => path !== place.path));
  const status = reportAll([...problems, ...elsewhere, ...found]);
  const cells = chapters.reduce((sum, chapter) => sum + cellsOf(chapter).length, 0);
  if (status === 0) {
    say(
      `${counted(chapters.length, "chapter")}, ${
        counted(cells, "cell")
      }: types hold, outputs are current`,
    );
  }
  return status;
}

async function acceptOutputs(
  chapters: readonly Chapter[],
  problems: readonly Problem[],
): Promise<number> {
  const runs = await during("running", () => runChapters(chapters));
  const found = [...problems];
  for (const chapter of chapters) {
    const { cells, problem } = runs.get(chapter.slug)!;
    const reasons = problem ? [problem] : wideOutputs(chapter, cells);
    found.push(...reasons);
    if (reasons.length > 0) continue;
    const changed = differences(chapter, cells);
    if (changed.length > 0) {
      const before = print(chapter);
      const after = print(withOutputs(chapter, cells));
      if (await readText(chapter.path) !== before) {
        throw new Problem("the file has changed meanwhile, and was left alone", {
          path: chapter.path,
          remedy: "Once more, with the file as it is now",
        });
      }
      await writeAtomic(new URL(chapter.path, root), after).catch((error: Error) => {
        throw new Problem(`the file cannot be written: ${error.message}`, { path: chapter.path });
      });
    }
    for (const { cell, line, stored, printed } of changed) {
      const side = (mark: string, text: string) =>
        text ? text.split("\n").map((line) => `${mark} ${line}`) : [];
      say(
        `${chapter.path}:${line}: ${cellName(cell)}`,
        ...side("-", stored),
        ...side("+", printed),
      );
    }
    say(
      `${chapter.path}: ${
        changed.length === 0 ? "nothing to change" : `${counted(changed.length, "output")} written`
      }`,
    );
  }
  return reportAll(found);
}

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : "s"}`;

/** Tells every problem on stderr; 1 if there is one. */
function reportAll(problems: readonly Problem[]): number {
  for (const problem of problems) console.error(String(problem));
  return problems.length > 0 ? 1 : 0;
}

if (import.meta.main) await main(() => chapter(Deno.args));
