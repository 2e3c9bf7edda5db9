// `deno task kernel`: the scenes replayed on the kernel that is running, held against the simulator. What came of the named
// ones is recorded beside each claim; random ones look for what nobody has claimed.

import { type Level, pageCount, type Release, releases } from "sim";
import { buildProbe, probeHash, restoreSettings, SOURCE, STATE, takeLock } from "./kernel/build.ts";
import {
  type Cell,
  CELLS,
  type CellVerdict,
  cellVerdicts,
  readCells,
  scenesOf,
} from "./kernel/cells.ts";
import { machineLacks } from "./kernel/compare.ts";
import { differencesIn, sayDifferences } from "./kernel/differences.ts";
import { type EveryResult, replayEvery, sayEvery } from "./kernel/every.ts";
import { lacking, levelOf } from "./kernel/header.ts";
import { type Options, readOptions } from "./kernel/options.ts";
import { Probe } from "./kernel/probe.ts";
import { type RandomScene, randomScenes, type Source } from "./kernel/random.ts";
import { builtAs, type Match, matchRelease } from "./kernel/release.ts";
import {
  agreedLevel,
  type Difference,
  type Outcome,
  replayScenes,
  tally,
  type Versus,
} from "./kernel/replay.ts";
import {
  cellsLine,
  cellsNotReplayed,
  reasonLines,
  tallyTable,
  unavailableReasons,
  undecidedLines,
  verdictLine,
} from "./kernel/report.ts";
import { type FileScene, namedScenes, recordedScenes, scenesOfFiles } from "./kernel/scenes.ts";
import { recordOf, releaseOf, writeRecord, writeWhole } from "./kernel/store.ts";
import { type Worth, worthOf } from "./kernel/worth.ts";
import { kernelNamed } from "./tool/kernel_named.ts";
import { main, Problem } from "./tool/problem.ts";
import { say, setUpColors, showProgress, status, terminalColumns } from "./tool/terminal.ts";
import { paragraph } from "./tool/text.ts";

/** Everything that a run came to. */
interface Result {
  uname: string;
  match: Match;
  level: Level;
  named: Outcome<FileScene>[];
  cells: CellVerdict[];
  random: Outcome<RandomScene>[];
  differences: Difference[];
  worth: Worth | undefined;
  record: string | undefined;
}

/** Runs the task; returns the exit status. */
export async function kernel(args: string[]): Promise<number> {
  setUpColors();
  const options = readOptions(args);
  if (!options) return 0;
  const tell = (line: string) => {
    if (!options.json) say(...paragraph(line, terminalColumns()));
  };
  const asked = await scenesAsked(options);
  const compiler = Deno.env.get("CC") || "cc";
  if (Deno.build.os !== "linux") throw new Problem(`this is ${Deno.build.os}, and no Linux kernel`);
  for (const line of intention(compiler, options)) tell(line);
  using _lock = await takeLock(() => tell("Another run goes on in this checkout: waiting for it."));
  const program = await buildProbe(compiler);
  if (await restoreSettings(program)) tell("What a killed run had changed is restored.");
  const probe = await Probe.start(program, [
    ...options.settings ? ["--allow-settings"] : [],
    ...["--state", STATE],
  ]);
  const leave = interruptible(probe);
  try {
    const against = heldAgainst(probe, options, tell);
    if (options.every) return await everyProgram(probe, against, options);
    const result = await compareAll(probe, asked, against, options, tell);
    if (options.json) say(JSON.stringify(jsonOf(result, options), undefined, 2));
    else await report(result, options);
    return result.differences.length > 0 ? 1 : 0;
  } finally {
    status("");
    await leave();
    await probe.close();
  }
}

/** The scenes that have a name, and the cells of which they are. */
interface Asked {
  readonly scenes: readonly FileScene[];
  readonly cells: readonly Cell[];
}

async function scenesAsked({ every, scenes, chapters }: Options): Promise<Asked> {
  if (every) return { scenes: [], cells: [] };
  if (scenes) return { scenes: await scenesOfFiles(scenes), cells: [] };
  const named = await namedScenes(), { cells, scenes: ofCells } = await readCells();
  const shown = new Set(cells.flatMap(scenesOf));
  const wanted = chapters ? named.filter(({ name }) => shown.has(name)) : named;
  return { scenes: [...wanted, ...ofCells], cells };
}

/** What the task is about to do, and what it will not do. */
function intention(compiler: string, { settings }: Options): string[] {
  return [
    `Builds ${SOURCE} with ${compiler} and runs it as you: it forks processes of its own, which map, ` +
    "pin and write memory of their own, and reads /proc of these processes and no others.",
    settings
      ? "As root, it changes KSM, khugepaged, swap, huge pages and a loop device while it runs, " +
        "and restores them however it ends; after a kill at its next start."
      : "It changes no setting of this machine and needs no root; so what needs KSM or swap is " +
        "unavailable (as root, --allow-settings has it).",
    "",
  ];
}

/**
 * Ctrl-C and a polite kill end the probe first, which restores what it changed.
 *
 * @returns what lets signals be again; once there was one it never returns, since the program is about to end
 */
function interruptible(probe: Probe): () => Promise<void> {
  let stopping = false;
  const stop = async () => {
    stopping = true;
    status("");
    await Promise.race([probe.close(), new Promise((done) => setTimeout(done, 5000))]);
    showProgress(0, 0, "");
    Deno.exit(130);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  return async () => {
    if (stopping) await new Promise(() => {});
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
  };
}

/** The simulator's kernel that this one is held against, and how. */
interface Against {
  readonly match: Match;
  readonly versus: Versus;
}

/** Finds it, and tells it. */
function heldAgainst(
  { header }: Probe,
  options: Options,
  tell: (line: string) => void,
): Against {
  const match = options.kernel === undefined
    ? matchRelease(header.release)
    : { release: kernelNamed(options.kernel), why: "--kernel names it" };
  const level = agreedLevel(options.level, levelOf(header)), { release } = match;
  tell(
    `Linux ${header.release} beside the simulator's ${release.release} (${release.era.name}), ` +
      `at level ${level}.`,
  );
  if (match.why) tell(`Why that one: ${match.why}.`);
  const { settings, reasons } = header;
  return { match, versus: { release: builtAs(release, settings), level, reasons } };
}

/** `--every`; returns the exit status. */
async function everyProgram(
  probe: Probe,
  { match, versus }: Against,
  options: Options,
): Promise<number> {
  const every = { operations: options.every!, settings: options.settings };
  const result = await replayEvery(probe, every, options.shard, versus);
  const differences = await differencesIn(result.differing, probe, versus);
  const { shard, tally, seconds } = result, { release: uname } = probe.header;
  const record = await keepWhole(result, probe, { match, versus }, options);
  if (options.json) {
    const against = match.release.release, { level } = versus;
    const document = {
      kernel: uname,
      against,
      level,
      every,
      shard,
      ...tally,
      seconds,
      differences,
      record,
    };
    say(JSON.stringify(document, undefined, 2));
  } else {
    await sayDifferences(differences, options, terminalColumns());
    sayEvery(result, terminalColumns(), record);
  }
  return tally.differs > 0 ? 1 : 0;
}

/** Has the record say what came of every program, where all of them were replayed as any are. */
async function keepWhole(
  { every, shard, tally }: EveryResult,
  { header }: Probe,
  { match, versus: { level } }: Against,
  options: Options,
): Promise<string | undefined> {
  const { agrees, differs, unavailable, undecided } = tally;
  if (!isRecorded(options) || shard.of > 1 || unavailable > 0) return undefined;
  const kernel = { release: releaseOf(match, header.release), probe: await probeHash(), level };
  const found = { ...every, programs: agrees + differs, undecided, date: today(), differs };
  return toldOf(await writeWhole(kernel, found));
}

/** Another kernel or level makes it another comparison. */
function isRecorded({ record, kernel, level }: Options): boolean {
  return record && kernel === undefined && level === undefined;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function toldOf({ path, kept }: Awaited<ReturnType<typeof writeRecord>>): string {
  return kept ? `${path} is left as it is: ${kept}.` : `${path} is written.`;
}

async function compareAll(
  probe: Probe,
  { scenes, cells }: Asked,
  { match, versus }: Against,
  options: Options,
  tell: (line: string) => void,
): Promise<Result> {
  const { header } = probe, { level } = versus;
  if (scenes.length === 0) tell("There are no named scenes.");
  const source: Source = {
    seed: options.seed,
    base: [...await recordedScenes(), ...scenes.filter(({ path }) => path !== CELLS)],
    without: new Set([...lacking(header), ...machineLacks(), ...options.without]),
    tell: rivals(versus.release),
  };
  const all = scenes.length + options.random;
  const named = await replayScenes(probe, scenes, versus, (done) => {
    showProgress(done, all, "scenes");
  });
  // At once, so that what follows can be stopped at any time.
  const record = isRecorded(options) && named.length > 0
    ? await keepRecord(probe, { named, match }, versus)
    : undefined;
  const random = await replayScenes(probe, randomScenes(source, options.random), versus, (done) => {
    showProgress(scenes.length + done, all, `scenes, seed ${options.seed}`);
  });
  const differences = await differencesIn([...named, ...random], probe, versus);
  const result = {
    uname: header.release,
    match,
    level,
    named,
    cells: cellVerdicts(cells, named),
    random,
    differences,
  };
  const worth = random.length > 0
    ? worthOf(random.map(({ scene }) => scene), source.tell!, level)
    : undefined;
  return { ...result, worth, record };
}

/** Two kernels that random scenes should tell apart: the one at hand, and one of the rule that came before its own. */
function rivals(release: Release): [Release, Release] {
  const old = releases.find(({ era }) => era.name === pageCount.name)!;
  const other = release.era.name === old.era.name
    ? releases.findLast(({ build }) => build.refusesForce === release.build.refusesForce)!
    : old;
  return [other, release];
}

async function keepRecord(
  { header }: Probe,
  { named, match }: Pick<Result, "named" | "match">,
  versus: Versus,
): Promise<string> {
  return toldOf(
    await writeRecord(recordOf(named, header, match, versus, await probeHash(), today())),
  );
}

async function report(result: Result, options: Options): Promise<void> {
  const columns = terminalColumns();
  const { named, cells, random, differences, worth } = result;
  await sayDifferences(differences, options, columns);
  const all: Outcome[] = [...named, ...random], counts = tally(all);
  say(...tallyTable([
    ...!options.scenes || named.length > 0
      ? [[options.scenes ? "your scenes" : "named scenes", tally(named)] as const]
      : [],
    ...random.length > 0 ? [[`random scenes, seed ${options.seed}`, tally(random)] as const] : [],
  ], columns));
  if (counts.unavailable > 0) {
    say("", "Unavailable", ...reasonLines(unavailableReasons(all), columns));
  }
  say(...undecidedLines(counts, columns));
  if (worth) say("", ...paragraph(worth.text, columns));
  if (result.record) say("", ...paragraph(result.record, columns));
  say("", verdictLine(counts, "scene"));
  if (cells.length === 0) return;
  if (options.chapters) say(...cellsNotReplayed(cells, columns));
  say("", ...paragraph(cellsLine(cells), columns));
}

function jsonOf(result: Result, { seed }: Options): unknown {
  const one = ({ scene, verdict }: Outcome) => ({ name: scene.name, ...verdict });
  const { uname, match, level, named, cells, random, differences, worth, record } = result;
  return {
    kernel: uname,
    against: match.release.release,
    era: match.release.era.name,
    why: match.why,
    level,
    named: { ...tally(named), scenes: named.map(one) },
    cells,
    random: { seed, ...tally(random), scenes: random.map(one) },
    worth,
    differences,
    record,
  };
}

if (import.meta.main) await main(() => kernel(Deno.args));
