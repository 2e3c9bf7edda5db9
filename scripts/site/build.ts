// From the files on disk to the site: reads, runs and renders everything. `site` and `learn` both start here.

import { type Kata, loadKatas } from "../kata/list.ts";
import { typeProblems } from "../notebook/cell_types.ts";
import type { Chapter, Run } from "../notebook/chapter.ts";
import { readLedger } from "../notebook/ledger.ts";
import { readRecords } from "../kernel/store.ts";
import { readReplayed } from "../notebook/deeds.ts";
import { readChapters } from "../notebook/files.ts";
import { besideChapters } from "../notebook/kernels.ts";
import { runChapters } from "../notebook/run.ts";
import { unlessMissing } from "../tool/files.ts";
import { readOwn } from "../tool/own.ts";
import { Problem } from "../tool/problem.ts";
import { heat } from "./heat.ts";
import { type History, historyOf, parsePlanned } from "./history.ts";
import type { Build } from "./html.ts";
import { type Licence, licencesOf, licencesText } from "./licences.ts";
import { linkAll } from "./link.ts";
import { pages, type Site } from "./pages.ts";
import { publisher } from "./published.ts";

/** Builds the whole site from what is on disk now. What is wrong with a chapter is in `problems`, and on its page. */
export async function build(how: Build): Promise<Site> {
  const [{ chapters, problems }, katas, loaded] = await Promise.all([
    readChapters(),
    loadKatas().catch(asProblem),
    assets(how).catch(asProblem),
  ]);
  const isProblem = (value: unknown) => value instanceof Problem;
  const [{ runs, more }, elsewhere] = await Promise.all([
    runTyped(chapters),
    besideChapters(chapters),
  ]);
  const site = pages({
    chapters,
    katas: katas instanceof Problem ? [] : katas,
    runs,
    elsewhere,
    history: await readHistory(chapters, katas instanceof Problem ? [] : katas),
    heat: heat(await readRecords()),
    replayed: await readReplayed(),
    problems: [...problems, ...more, ...[katas, loaded].filter(isProblem)],
    licences: [
      { name: "pinned", scripts: [], text: readOwn("LICENSE").trim() },
      ...loaded instanceof Problem ? [] : loaded.licences,
    ],
    read: await publisher(),
  }, how);
  if (loaded instanceof Problem) return site;
  for (const [path, text] of loaded.files) site.files.set(path, text);
  return site;
}

/** What the timeline shows, where there is a ledger. */
async function readHistory(
  chapters: readonly Chapter[],
  katas: readonly Kata[],
): Promise<History | undefined> {
  const ledger = await readLedger(), path = "chapters/planned.yaml";
  const planned = await unlessMissing(Deno.readTextFile(path)) ?? "";
  const bySlug = new Map(katas.map((kata) => [kata.slug, kata]));
  return ledger && historyOf(chapters, bySlug, ledger.entries, parsePlanned(planned));
}

/** Runs the chapters, and checks their types: a chapter whose types do not hold has no page that could run it. */
async function runTyped(
  chapters: readonly Chapter[],
): Promise<{ runs: Map<string, Run>; more: Problem[] }> {
  const [runs, types] = await Promise.all([runChapters(chapters), typeProblems(chapters)]);
  const more: Problem[] = [];
  for (const problem of types) {
    const chapter = chapters.find(({ path }) => path === problem.place.path);
    const run = chapter && runs.get(chapter.slug)!;
    if (!run || run.problem) more.push(problem);
    else runs.set(chapter.slug, { ...run, problem });
  }
  return { runs, more };
}

/** The style sheet, in this order: later rules win. */
const sheets = ["base", "cells", "pictures", "pages", "kernels", "table", "timeline", "sizes"].map((
  name,
) => `style/${name}.css`);

/** What the pages load, and on what terms it may be passed on. */
interface Assets {
  files: Map<string, string>;
  licences: Licence[];
}

/** Looks, and scripts of which only page.js comes before the first click on Run. */
async function assets({ live }: Build): Promise<Assets> {
  const own = (name: string) => Deno.readTextFile(new URL(name, import.meta.url));
  const licences: Licence[] = [];
  /** A script of ours. Where it brings code of others, their licences lie beside it. */
  const client = async (
    name: string,
    without: string[] = [],
    modules: Record<string, string> = {},
  ): Promise<[string, string][]> => {
    const { script, packages } = await linkAll({
      without,
      modules: { main: `scripts/site/client/${name}.ts`, ...modules },
      expose: `pinned_${name}`,
      run: "main",
    });
    const path = `assets/${name}.js`, terms = await licencesOf(packages, path);
    if (terms.length === 0) return [[path, script]];
    licences.push(...terms);
    const names = terms.map(({ name }) => name).join(", ");
    const note =
      `/*! Code of others, its comments taken out, on the terms in ${name}.licences.txt: ${names} */`;
    return [
      [path, `${note}\n${script}`],
      [`assets/${name}.licences.txt`, licencesText(terms)],
    ];
  };
  const [[, worker] = ["", ""]] = await client("worker");
  const files = new Map([
    ["assets/style.css", (await Promise.all(sheets.map(own))).join("\n")],
    ["assets/icon.svg", await own("icon.svg")],
    ...await client("page"),
    ...await client("run"),
    ...await client("strip", ["@jridgewell/gen-mapping"]),
    // The page never runs the machine: it takes the function's text and hands it to the sandbox.
    ["assets/machine.js", `pinnedMachine = function () {\n${worker}};\n`],
    // Of the machine only which release follows which rules.
    ...await client("hazards", [], { releases: "sim/releases.ts" }),
    ...(live ? await client("live") : []),
  ]);
  return { files, licences };
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
