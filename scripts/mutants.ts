// `deno task mutants`: makes the simulator decide otherwise, one decision at a time, and lists the mutants that no test
// of `deno task test` notices. They live in copies of the project below .woven; the working tree is never changed.

import { bold, cyan, red, yellow } from "@std/fmt/colors";
import { relative, resolve } from "@std/path";
import { type Argued, parseArgued } from "./mutants/argued.ts";
import { share, stopAll } from "./tool/measured.ts";
import { kataStage, otherStage, simStage, type Stage } from "./mutants/judge.ts";
import { allMutants, type Copy, copyProject, mutated, readSim } from "./mutants/project.ts";
import { shuffled } from "./mutants/sample.ts";
import type { Mutant } from "./mutants/sites.ts";
import { type Row, survivorLine, tableLines } from "./mutants/show.ts";
import { typed } from "./mutants/types.ts";
import { readArguments, wholeNumber } from "./tool/args.ts";
import { ownFolder, unlessMissing } from "./tool/files.ts";
import { fromHere } from "./tool/here.ts";
import { didYouMean } from "./tool/nearest.ts";
import { main, Problem } from "./tool/problem.ts";
import { complain, say, setUpColors, status, terminalColumns } from "./tool/terminal.ts";
import { plural } from "./tool/text.ts";

const help = `deno task mutants    changes decisions of the simulator, and lists what no test
                     notices

  --sample 400    how many mutants, drawn from all
  --seed N        draws the same ones again; told at the beginning
  --only SITE     of these alone: sim/mm/fork.ts, sim/mm/fork.ts:57; also twice
  --jobs 2        how many run at the same time
  --list          the mutants, and no test

A mutant that no test can notice is argued for in scripts/mutants/argued.txt.
With fewer than 90 % noticed, the exit status is 1.`;

const arguedPath = "scripts/mutants/argued.txt";

/** What is asked of the tests: to notice at least this many of a hundred. */
const BAR = 90;
const SEEDS = 1_000_000;

/** Runs the task; returns the exit status. */
export async function mutants(args: string[]): Promise<number> {
  setUpColors();
  const options = readArguments(args, {
    task: "mutants",
    help,
    switches: ["list"],
    values: ["sample", "seed", "jobs"],
    lists: ["only"],
    words: 0,
  });
  if (!options) return 0;
  const { only, list } = options;
  const sample = wholeNumber("sample", options.sample, { least: 1 });
  const seed = wholeNumber("seed", options.seed) ?? Math.floor(Math.random() * SEEDS);
  const jobs = Math.min(wholeNumber("jobs", options.jobs, { least: 1 }) ?? 2, 2);
  const sources = await readSim();
  const all = allMutants(sources);
  const text = await unlessMissing(Deno.readTextFile(arguedPath));
  const { argued, problems } = parseArgued(text ?? "", all, arguedPath);
  complain(...problems.map(String));
  if (problems.length > 0) return 1;
  const chosen = choose(all, only, [...sources.keys()]);
  const order = shuffled(chosen, seed);
  if (list) {
    const listed = sample === undefined
      ? chosen
      : chosen.filter((one) => order.indexOf(one) < sample);
    for (const one of listed) {
      say(
        `${one.path}:${one.line}:${one.column}: ${one.operator}: \`${one.was}\` → \`${one.becomes}\``,
      );
    }
    return 0;
  }
  const wanted = Math.min(sample ?? 400, order.length);
  say(`${wanted} of ${plural(chosen.length, "mutant")}, seed ${seed}`);

  await ownFolder(".woven");
  const dir = resolve(await Deno.makeTempDir({ dir: ".woven", prefix: "mutants " }));
  let interrupted = false;
  const end = () => {
    interrupted = true;
    stopAll();
  };
  Deno.addSignalListener("SIGINT", end);
  Deno.addSignalListener("SIGTERM", end);
  try {
    const found = await judgeAll(order, wanted, sources, dir, jobs);
    status("");
    return conclude(chosen, found, argued);
  } catch (error) {
    status("");
    if (interrupted) return 130;
    throw error;
  } finally {
    Deno.removeSignalListener("SIGINT", end);
    Deno.removeSignalListener("SIGTERM", end);
    await Deno.remove(dir, { recursive: true });
  }
}

/** The mutants of the named files, lines and columns; of all, if none is named. */
function choose(
  all: readonly Mutant[],
  sites: readonly string[],
  paths: readonly string[],
): Mutant[] {
  if (sites.length === 0) {
    if (all.length > 0) return [...all];
    throw new Problem("nothing in sim/ decides anything");
  }
  const chosen = sites.map((site) => {
    const [, typed = "", line, column] = site.match(/^(.*?)(?::(\d+))?(?::(\d+))?$/) ?? [];
    const inPlace = relative(resolve("."), fromHere(typed));
    const path = [typed.replace(/^\.\//, ""), inPlace].find((path) => paths.includes(path));
    if (path === undefined) {
      throw new Problem(`there is no file ${typed} of the simulator`, {
        remedy: didYouMean(
          typed,
          paths,
          undefined,
          "A site is sim/mm/fork.ts, or sim/mm/fork.ts:57",
        ),
      });
    }
    const found = all.filter((one) =>
      one.path === path && (line === undefined || one.line === Number(line)) &&
      (column === undefined || one.column === Number(column))
    );
    if (found.length > 0) return found;
    const remedy = line === undefined ? undefined : `deno task mutants --list --only ${path}`;
    throw new Problem("nothing is decided here", {
      path,
      ...line && { line: Number(line) },
      ...remedy && { remedy },
    });
  });
  return all.filter((one) => chosen.some((some) => some.includes(one)));
}

/** What came of a run. */
interface Found {
  sampled: Mutant[];
  survivors: Mutant[];
  refused: number;
  /** Who noticed how many, by stage. */
  stages: [name: string, noticed: number][];
  /** The CPU time of everything, in milliseconds. */
  cpu: number;
}

/** Checks types, then asks stage after stage. */
async function judgeAll(
  order: readonly Mutant[],
  wanted: number,
  sources: ReadonlyMap<string, string>,
  dir: string,
  jobs: number,
): Promise<Found> {
  const copies = await Promise.all(
    Array.from({ length: jobs }, (_, i) => copyProject(`${dir}/${i}`, sources)),
  );
  status("the simulator's tests, without any mutant");
  const own = await simStage(copies[0]!); // before the types: whoever has a red test should learn it at once
  const { sound: sampled, refused, cpu } = await typed(order, wanted, {
    ...{ dir: `${dir}/types`, sources, jobs },
    progress: status,
  });
  const found: Found = { sampled, survivors: sampled, refused, stages: [], cpu };
  const through = async (stage: Stage | undefined) => {
    if (!stage) return;
    const before = found.survivors;
    const { survivors, cpu } = await ask(stage, before, copies);
    Object.assign(found, { survivors, cpu: found.cpu + cpu });
    found.stages.push([stage.name, before.length - survivors.length]);
  };
  await through(own);
  if (found.survivors.length > 0) await through(await kataStage(copies[0]!));
  if (found.survivors.length > 0) {
    const done = found.stages.length > 1 ? ["kata --check"] : [];
    const progress = (job: string) => status(`without any mutant: ${job}`);
    await through(await otherStage(copies, `${dir}/coverage`, done, progress));
  }
  return found;
}

/** Those of the mutants that a stage does not notice. */
async function ask(
  stage: Stage,
  mutants: readonly Mutant[],
  copies: readonly Copy[],
): Promise<{ survivors: Mutant[]; cpu: number }> {
  const survivors = new Set<Mutant>();
  let cpu = 0, asked = 0;
  await share(mutants, copies, async (mutant, copy) => {
    const { path, line } = mutant;
    const state = `${asked} of ${mutants.length}, ${survivors.size} missed by ${stage.name}`;
    status(`${state}: ${path}:${line}`);
    const answer = await mutated(copy, mutant, () => stage.ask(copy, mutant));
    if (answer.by === undefined) survivors.add(mutant);
    cpu += answer.cpu;
    asked++;
  });
  return { survivors: mutants.filter((mutant) => survivors.has(mutant)), cpu };
}

/** Tells everything, the share last; returns the exit status. */
function conclude(all: readonly Mutant[], found: Found, argued: readonly Argued[]): number {
  const { sampled, survivors, refused, stages, cpu } = found;
  if (sampled.length === 0) throw new Problem("none of the mutants type-checks");
  const rows: Row[] = [...new Set(all.map(({ path }) => path))].map((path) => {
    const [sites, drawn, alive] = [all, sampled, survivors].map((some) =>
      some.filter((one) => one.path === path).length
    ) as [number, number, number];
    return { path, sites, sampled: drawn, killed: drawn - alive };
  });
  say(...tableLines(rows, terminalColumns()), "");

  let stale = 0;
  for (const { line, mutants } of argued) {
    if (!mutants.some((one) => sampled.includes(one) && !survivors.includes(one))) continue;
    stale++;
    complain(String(
      new Problem("a test notices this one", {
        path: arguedPath,
        line,
        remedy: "Take the line out.",
      }),
    ));
  }
  const inOrder = all.filter((one) => survivors.includes(one));
  let unargued = 0;
  for (const one of inOrder) {
    const reason = argued.find(({ mutants }) => mutants.includes(one))?.reason;
    if (reason === undefined) unargued++;
    const kind = reason === undefined ? red("error") : yellow("argued");
    complain(
      survivorLine(one, kind, reason ?? "no test notices", { place: cyan, change: bold }),
    );
  }
  if (inOrder.length > 0) complain("");
  const killed = sampled.length - survivors.length;
  const share = 100 * killed / sampled.length;
  say(
    ...stages.map(([name, noticed]) => `${noticed} killed by ${name}`),
    `${inOrder.length} alive, ${inOrder.length - unargued} of them argued`,
    `${refused} more ${
      refused === 1
        ? "does not type-check and is no mutant"
        : "do not type-check and are no mutants"
    }`,
    `${(cpu / 1000 / sampled.length).toFixed(1)} s of CPU time for each`,
    // Rounded down: what is below the bar never looks as if it were not.
    `${killed} of ${sampled.length} killed, ${(Math.floor(share * 10) / 10).toFixed(1)} %`,
  );
  return share >= BAR && stale === 0 ? 0 : 1;
}

if (import.meta.main) await main(() => mutants(Deno.args));
