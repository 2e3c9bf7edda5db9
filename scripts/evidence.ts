// `deno task evidence`: which claims real kernels have confirmed. Reads the named scenes and the records that `deno task
// kernel` wrote, and names every record that no longer says what it says.

import { bold, green, red, yellow } from "@std/fmt/colors";
import { probeHash } from "./kernel/build.ts";
import { readCells } from "./kernel/cells.ts";
import { namedScenes } from "./kernel/scenes.ts";
import { type Standing, standings, wholeStandings } from "./kernel/standing.ts";
import { readRecords, RECORDS } from "./kernel/store.ts";
import { readArguments } from "./tool/args.ts";
import { noSuch } from "./tool/nearest.ts";
import { main, Problem } from "./tool/problem.ts";
import { complain, say, setUpColors, terminalColumns } from "./tool/terminal.ts";
import { columnsOf, paragraph, plural, textTable } from "./tool/text.ts";

const HELP =
  `deno task evidence          every named scene, and every scene of a cell, beside every recorded kernel
deno task evidence WORD…    only scenes with one of the words in their name

agrees       the kernel did what the simulator says
differs      it did not
unavailable  the kernel, or the simulator, does not have an operation of it
stale        the scene, the probe or the simulator was changed since
never        it was not replayed there

The records are ${RECORDS}/*.txt, written by \`deno task kernel\`.
Exit status: 1 when a record is stale.`;

const PAINT: Partial<Record<Standing["state"], (text: string) => string>> = {
  agrees: green,
  differs: red,
  stale: yellow,
};

/** Runs the task; returns the exit status. */
export async function evidence(args: string[]): Promise<number> {
  setUpColors();
  const options = readArguments(args, { task: "evidence", help: HELP });
  if (!options) return 0;
  const { words } = options, columns = terminalColumns();
  const [records, named, { scenes: ofCells }] = await Promise.all([
    readRecords(),
    namedScenes(),
    readCells(),
  ]);
  const scenes = [...named, ...ofCells];
  const all = records.length > 0 ? standings(records, scenes, await probeHash()) : [];
  const wanted = (name: string) => words.length === 0 || words.some((word) => name.includes(word));
  const names = [...new Set([...scenes.map(({ name }) => name), ...all.map(({ scene }) => scene)])]
    .filter(wanted);
  if (names.length === 0 && words.length > 0) {
    const known = scenes.map(({ name }) => name);
    throw noSuch("scene", words[0]!, known, "deno task evidence");
  }
  const releases = [...new Set(all.map(({ release }) => release))];
  if (scenes.length === 0) say("There are no named scenes.");
  else if (records.length === 0) {
    say(...paragraph(`No kernel has confirmed any of ${plural(scenes.length, "scene")}.`, columns));
  } else say(...table(names, releases, all, columns));

  const wholes = words.length > 0 || records.length === 0
    ? []
    : wholeStandings(records, await probeHash());
  for (const { what, programs, release, date } of wholes) {
    say("", ...paragraph(`All ${programs} ${what} agree on ${release}, ${date}.`, columns));
  }

  const stale = [
    ...all.filter(({ state, scene }) => state === "stale" && wanted(scene)),
    ...wholes.flatMap(({ what, release, stale }) =>
      stale ? [{ scene: what, release, why: stale }] : []
    ),
  ];
  const path = (release: string) => `${RECORDS}/${release}.txt`;
  const alike = Object.groupBy(stale, ({ release, why }) => `${release} ${why}`);
  for (const same of Object.values(alike)) {
    const [{ scene, release, why }, ...more] = same as [typeof stale[0], ...typeof stale];
    const which = more.length > 0 ? `"${scene}" and ${more.length} more are` : `"${scene}" is`;
    complain(String(new Problem(`${which} stale: ${why}`, { path: path(release) })));
  }
  if (stale.length === 0) return 0;
  const kernels = [...new Set(stale.map(({ release }) => release))].join(", ");
  const what = stale.length === 1 ? "1 record is" : `${stale.length} records are`;
  const asRoot = records.some(({ release, settings }) =>
    kernels.includes(release) && settings.includes("ksm=yes")
  );
  const how = asRoot ? "`deno task kernel --allow-settings`, as root," : "`deno task kernel`";
  complain(`${what} stale: run ${how} on ${kernels} again`);
  return 1;
}

/** Scenes by kernels; each scene in lines of its own where that is too wide. */
function table(
  names: readonly string[],
  releases: readonly string[],
  all: readonly Standing[],
  columns: number,
): string[] {
  const state = (scene: string, release: string) =>
    all.find((one) => one.scene === scene && one.release === release)?.state ?? "never";
  const rows = names.map((name) => [name, ...releases.map((release) => state(name, release))]);
  const lines = textTable([["scene", ...releases], ...rows]);
  if (lines.every((line) => columnsOf(line) <= columns) || !Deno.stdout.isTerminal()) {
    return [bold(lines[0]!), ...lines.slice(1).map(painted)];
  }
  return rows.flatMap(([name, ...states]) => [
    ...paragraph(name!, columns).map(bold),
    ...states.flatMap((one, i) => paragraph(`${one} ${releases[i]}`, columns, "  ")).map(painted),
  ]);
}

function painted(line: string): string {
  return line.replaceAll(
    /\b(?:agrees|differs|stale)\b/g,
    (word) => PAINT[word as Standing["state"]]!(word),
  );
}

if (import.meta.main) await main(() => evidence(Deno.args));
