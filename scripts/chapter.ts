// `deno task chapter`: lists the chapters, reads and runs one in the terminal, writes or compares what is stored of them.

import { eras, type Release } from "../sim/mod.ts";
import { bodyOf } from "./notebook/body.ts";
import { readChapters } from "./notebook/files.ts";
import { lastNames, readLedger } from "./notebook/ledger.ts";
import { cellsOf, type Chapter, type Run } from "./notebook/chapter.ts";
import { besideChapters } from "./notebook/kernels.ts";
import { runChapters } from "./notebook/run.ts";
import { showFilms } from "./notebook/films.ts";
import { wordLine } from "./notebook/limits.ts";
import { coverageLines, readCoverage } from "./notebook/coverage.ts";
import { claimLines } from "./notebook/sources.ts";
import { accept, staleness } from "./notebook/stored.ts";
import { termLines, termsOf } from "./notebook/terms.ts";
import { readArguments } from "./tool/args.ts";
import { kernelNamed } from "./tool/kernel_named.ts";
import { canAsk, withScreen } from "./tool/keys.ts";
import { noSuch } from "./tool/nearest.ts";
import { main, Problem } from "./tool/problem.ts";
import { complain, during, say, setUpColors, terminalColumns } from "./tool/terminal.ts";
import { columnsOf, painted, plural, wrap } from "./tool/text.ts";

const help = `deno task chapter           the chapters, and whether their outputs are current
deno task chapter owners    reads and runs one; its number, 00, will do. On a
                            terminal a page at a time, and it asks its questions

  --kernel NAME  on another kernel, a release, such as 6.1.176, or an era: each
                 cell says where it parts from the kernel of the text
  --step [CELL]  goes through its films, or one cell's, picture by picture

Of all chapters or the named ones:

  --check        compares outputs, checks types, sources, links and terms
  --accept       writes outputs and counted numbers into the Markdown
  --claims       which paragraphs need a source, how many have one, how many
                 words of the prose point instead of naming, and how much of
                 the documents is run
  --terms        where each term is introduced, and where it is first used

The eras are ${eras.map(({ name }) => name).join(", ")}.`;

/** What is asked of the chapters, and what there is to ask it of. */
interface Asked {
  /** The chapters that were named. */
  named: Chapter[];
  /** Every chapter that can be read, and why the others cannot. */
  all: Chapter[];
  problems: Problem[];
}

/** Runs the task; returns the exit status. */
export async function chapter(args: string[]): Promise<number> {
  setUpColors();
  const options = readArguments(args, {
    task: "chapter",
    help,
    switches: ["check", "accept", "claims", "terms"],
    values: ["kernel", "step"],
    bare: ["step"],
  });
  if (!options) return 0;
  const { step, check, accept, claims, terms } = options;
  const reads = options.kernel !== undefined || step !== undefined;
  if ([reads, check, accept, claims, terms].filter(Boolean).length > 1) {
    throw new Problem("--check, --accept, --claims and --terms exclude each other and the rest", {
      remedy: "--kernel and --step are for reading; stored outputs are those of the chapter's era",
    });
  }
  const kernel = options.kernel === undefined ? undefined : kernelNamed(options.kernel);
  const { chapters: all, problems } = await readChapters();
  const named = options.words.map((name) => choose(name, all, problems));
  const asked: Asked = { named, all, problems };
  if (check) return await checkAll(asked);
  if (accept) return await acceptAll(asked);
  if (claims) return await listClaims(asked);
  if (terms) return listTerms(asked);
  if (reads && named.length === 0) {
    const meant = all.find(({ slug }) => slug === step);
    throw new Problem("--kernel and --step are for reading a chapter: name one", {
      remedy: meant
        ? `deno task chapter ${meant.slug} --step`
        : `deno task chapter ${all[0]?.slug ?? "owners"} ${args.join(" ")}`,
    });
  }
  if (step !== undefined) return await stepThrough(named, step, kernel);
  if (named.length > 0) return await show(named, kernel);
  return await list(asked);
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
  throw noSuch("chapter", name, chapters.map(({ slug }) => slug));
}

async function list({ all, problems }: Asked): Promise<number> {
  const runs = await during("running the chapters", () => runChapters(all));
  const columns = terminalColumns();
  const rows = all.map((chapter) => ({
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
  const cells = plural(cellsOf(chapter).length, "cell");
  const stale = staleness(chapter, run.cells);
  if (run.problem) return `${cells}, fails`;
  return `${cells}, ${stale === 0 ? "current" : `${stale} not current`}`;
}

async function show(chapters: readonly Chapter[], kernel?: Release): Promise<number> {
  const [runs, beside] = await during("running", () =>
    Promise.all([
      runChapters(chapters, kernel && { kernel: kernel.release }),
      besideChapters(chapters, kernel && [kernel.release]),
    ]));
  // Colours cost as much as a chapter's run.
  const [{ linesOfParts, read }, { turnPages }, { readReplayed }] = await Promise.all([
    import("./notebook/reader.ts"),
    import("./notebook/turning.ts"),
    import("./notebook/deeds.ts"),
  ]);
  const replayed = await readReplayed();
  let status = 0;
  for (const chapter of chapters) {
    const run = runs.get(chapter.slug)!;
    const elsewhere = beside.get(chapter.slug);
    const known = kernel ? { other: { kernel, elsewhere } } : { elsewhere };
    const parts = read(chapter, run, terminalColumns(), { replayed, ...known });
    if (!canAsk()) say(...linesOfParts(parts));
    else {
      const end = await withScreen((screen) => turnPages(parts, screen));
      if (end === "interrupted") return 130;
      if (end === "left") return status;
    }
    const stale = kernel ? 0 : staleness(chapter, run.cells);
    if (stale > 0) {
      complain(
        `\n${chapter.path}: not what was printed here: ${plural(stale, "stored output")}; ` +
          `see \`deno task chapter ${chapter.slug} --check\``,
      );
    }
    if (!run.problem) continue;
    status = 1;
    // On a terminal it stands below its cell already.
    const shown = run.cells.length > 0 && Deno.stdout.isTerminal() && Deno.stderr.isTerminal();
    if (!shown) reportAll([run.problem]);
  }
  return status;
}

async function stepThrough(
  chapters: readonly Chapter[],
  cell: string,
  kernel?: Release,
): Promise<number> {
  const runs = await during(
    "running",
    () => runChapters(chapters, kernel && { kernel: kernel.release }),
  );
  for (const chapter of chapters) {
    const run = runs.get(chapter.slug)!;
    const status = await showFilms(chapter, run, cell) ||
      reportAll(run.problem ? [run.problem] : []);
    if (status !== 0) return status;
  }
  return 0;
}

async function checkAll({ named, all, problems }: Asked): Promise<number> {
  const whole = named.length === 0;
  const chapters = whole ? all : named;
  if (chapters.length === 0 && problems.length === 0) {
    throw new Problem("there are no chapters, and nothing was checked", {
      path: "chapters",
      remedy: "A chapter is a file such as chapters/00-owners.md",
    });
  }
  const { allChecks } = await import("./notebook/all_checks.ts"); // parsers that a run does without
  const found = await during("running and checking", () => allChecks(chapters, all, whole));
  complain(...found.advice);
  const status = reportAll([...whole ? problems : [], ...found.problems]);
  if (status === 0) {
    const cells = chapters.reduce((sum, chapter) => sum + cellsOf(chapter).length, 0);
    say(
      `${plural(chapters.length, "chapter")}, ${plural(cells, "cell")}: ` +
        "types hold, outputs are current, claims have sources",
    );
  }
  return status;
}

async function acceptAll({ named, all, problems }: Asked): Promise<number> {
  const whole = named.length === 0;
  const chapters = whole ? all : named;
  const runs = await during("running", () => runChapters(chapters));
  const found = whole ? [...problems] : [];
  for (const chapter of chapters) found.push(...await accept(chapter, runs.get(chapter.slug)!));
  const { acceptCells } = await import("./notebook/deeds.ts");
  const cells = await acceptCells(all, runs);
  if (cells) say(cells);
  return reportAll(found);
}

async function listClaims({ named, all, problems }: Asked): Promise<number> {
  const ledger = await readLedger();
  const people = ledger ? lastNames(ledger) : [];
  const chapters = named.length > 0 ? named : all;
  for (const body of chapters.map(bodyOf)) say(...claimLines(body, people), wordLine(body));
  if (named.length === 0) say(...coverageLines(await readCoverage()));
  return reportAll(named.length > 0 ? [] : problems);
}

function listTerms({ named, all, problems }: Asked): number {
  const terms = termsOf(all.map(bodyOf)).filter(({ introduced }) =>
    named.length === 0 || named.some(({ path }) => path === introduced.path)
  );
  say(...termLines(terms));
  return reportAll(named.length > 0 ? [] : problems);
}

/** Tells every problem on stderr; 1 if there is one. */
function reportAll(problems: readonly Problem[]): number {
  complain(...problems.map(String));
  return problems.length > 0 ? 1 : 0;
}

if (import.meta.main) await main(() => chapter(Deno.args));
