// Everything that `deno task chapter --check` holds a chapter to, one file of checks after the other. Where a cell's output is
// compared: outputs.ts.

import { namedScenes } from "../kernel/scenes.ts";
import type { Problem } from "../tool/problem.ts";
import { type Body, bodyOf, hasSeen } from "./body.ts";
import { typeProblems } from "./cell_types.ts";
import type { Chapter } from "./chapter.ts";
import { coverageProblems, readCoverage } from "./coverage.ts";
import { cellsProblems } from "./deeds.ts";
import { countProblems } from "./figures.ts";
import { lookAt, readBriefs } from "./files.ts";
import { filmProblems } from "./films.ts";
import type { CellResult } from "./harness.ts";
import { lastNames, type Ledger, readLedger } from "./ledger.ts";
import { limitAdvice, limitProblems } from "./limits.ts";
import { linkProblems } from "./links.ts";
import { prepare } from "./modules.ts";
import { originProblems, wideOutputs } from "./outputs.ts";
import { predictProblems } from "./predict.ts";
import { quotedProblems } from "./quoted.ts";
import {
  quotationProblems,
  quotationsIn,
  quotationsOf,
  quotationsOfNotes,
  readQuotes,
  unusedQuotes,
} from "./quotations.ts";
import { seenProblems } from "./records.ts";
import { runChapters } from "./run.ts";
import { claimProblems, sourceProblems, unusedEntries } from "./sources.ts";
import { stale } from "./stored.ts";
import { termProblems, termsOf } from "./terms.ts";

/** What an author must mend, in the order of the chapters and their lines, and what an author may think about. */
export interface Findings {
  problems: Problem[];
  advice: string[];
}

/**
 * Runs and checks the named chapters.
 *
 * @param all every chapter of the course: terms and links go from one to another
 * @param whole whether the named ones are all there are, so that the ledger can be held to account as well
 */
export async function allChecks(
  named: readonly Chapter[],
  all: readonly Chapter[],
  whole: boolean,
): Promise<Findings> {
  const [runs, types, { refused }, ledger] = await Promise.all([
    runChapters(named),
    typeProblems(named),
    prepare(named),
    readLedger(),
  ]);
  const bodies = all.map(bodyOf);
  const terms = termProblems(termsOf(bodies));
  const problems: Problem[] = types.filter(({ place }) =>
    named.every(({ path }) => path !== place.path)
  );
  const advice: string[] = [];
  for (const chapter of named) {
    const { cells, problem } = runs.get(chapter.slug)!;
    const body = bodies.find((body) => body.chapter === chapter)!;
    const own = [
      ...refused.get(chapter.slug) ?? (problem ? [problem] : []),
      ...[...types, ...terms].filter(({ place }) => place.path === chapter.path),
      ...(await stale(body, cells)).map(({ problem }) => problem),
      ...ofCells(chapter, body, cells),
      ...await ofProse(body, bodies, ledger),
    ];
    problems.push(...own.sort((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0)));
    advice.push(...limitAdvice(body));
  }
  problems.push(...await cellsProblems(all, runs));
  problems.push(...ledger?.problems ?? [], ...whole ? unusedEntries(bodies, ledger) : []);
  if (ledger) {
    problems.push(
      ...await ofQuotations(bodies.filter(({ chapter }) => named.includes(chapter)), ledger, whole),
    );
  }
  if (ledger && whole) problems.push(...coverageProblems(await readCoverage(), all, ledger));
  return { problems, advice };
}

/** What is quoted in chapters; if they are all there are, in briefs and notes as well, and what nothing quotes. */
async function ofQuotations(
  bodies: readonly Body[],
  ledger: Ledger,
  whole: boolean,
): Promise<Problem[]> {
  const [quotes, briefs] = await Promise.all([readQuotes(ledger), whole ? readBriefs() : []]);
  const found = [
    ...bodies.flatMap(quotationsOf),
    ...briefs.flatMap(({ path, text }) => quotationsIn(text, path)),
    ...whole ? quotationsOfNotes(ledger) : [],
  ];
  return [
    ...quotes.problems,
    ...quotationProblems(found, quotes, ledger),
    ...whole ? unusedQuotes(found, quotes) : [],
  ];
}

function ofCells(chapter: Chapter, body: Body, cells: readonly CellResult[]): Problem[] {
  return [
    ...wideOutputs(chapter, cells),
    ...predictProblems(chapter, cells),
    ...countProblems(body, cells),
    ...filmProblems(chapter, cells),
    ...originProblems(chapter, cells),
  ];
}

async function ofProse(
  body: Body,
  all: readonly Body[],
  ledger: Ledger | undefined,
): Promise<Problem[]> {
  const scenes = hasSeen(body.chapter) ? (await namedScenes()).map(({ name }) => name) : [];
  return [
    ...seenProblems(body, scenes),
    ...limitProblems(body),
    ...sourceProblems(body, ledger),
    ...claimProblems(body, ledger ? lastNames(ledger) : []),
    ...await linkProblems(body, all, lookAt),
    ...await quotedProblems(body.chapter, lookAt),
  ];
}
