// What `deno task kernel` and `deno task evidence` print: tables, and a difference with its two sides.

import { bold, green, red, yellow } from "@std/fmt/colors";
import { atLevel } from "../../sim/mod.ts";
import { columnsOf, numbersTable, paragraph, plural, textTable } from "../tool/text.ts";
import type { CellVerdict } from "./cells.ts";
import { alike, look } from "./compare.ts";
import type { Difference, Outcome, Tally } from "./replay.ts";

/** How many scenes of each sort agree, differ, are unavailable. */
export function tallyTable(
  sorts: readonly (readonly [string, Tally])[],
  columns: number,
): string[] {
  const rows = sorts.map(([name, { agrees, differs, unavailable }]) => {
    return [name, ...[agrees, differs, unavailable].map(String)];
  });
  const table = numbersTable(["", "agree", "differ", "unavailable"], rows);
  if (table.every((line) => columnsOf(line) <= columns)) return table;
  return rows.flatMap(([name, agree, differ, unavailable]) =>
    paragraph(`${name}: ${agree} agree, ${differ} differ, ${unavailable} unavailable`, columns)
  );
}

/** The cells that stand apart or could not be replayed, each with why. */
export function cellsNotReplayed(cells: readonly CellVerdict[], columns: number): string[] {
  const list = (verdict: CellVerdict["verdict"], title: string) => {
    const some = cells.filter((one) => one.verdict === verdict);
    if (some.length === 0) return [];
    const lines = some.flatMap(({ cell, why }) => paragraph(`${cell}: ${why}`, columns, "  "));
    return ["", `${title}: ${some.length}`, ...lines];
  };
  return [
    ...list("apart", "Cells that no kernel can be asked about"),
    ...list("unavailable", "Cells that could not be replayed"),
  ];
}

/** How many cells there are of each sort; those that stand apart are not counted. */
export function cellsLine(cells: readonly CellVerdict[]): string {
  const count = (verdict: CellVerdict["verdict"]) =>
    cells.filter((one) => one.verdict === verdict).length;
  const asked = cells.length - count("apart");
  return `cells ${asked}, agree ${count("agrees")}, differ ${count("differs")}, ` +
    `unavailable ${count("unavailable")}`;
}

/** Whether all agree, in a line. */
export function verdictLine({ differs, unavailable }: Tally, what: string): string {
  if (differs > 0) return red(bold(`${plural(differs, what)} differ${differs === 1 ? "s" : ""}`));
  if (unavailable === 0) return green("all agree");
  return yellow(`all that could be replayed agree; ${unavailable} could not`);
}

/** How many fault counts were not compared, and why; nothing where all were. */
export function undecidedLines({ undecided }: Pick<Tally, "undecided">, columns: number): string[] {
  if (undecided === 0) return [];
  const why = `${plural(undecided, "count")} not decided: a translation that x86 may still hold, ` +
    "after get_user_pages has made its entry writable, faults once more or not.";
  return ["", ...paragraph(why, columns)];
}

/** Why scenes were unavailable, the most frequent reason first. */
export function unavailableReasons(outcomes: readonly Outcome[]): [why: string, scenes: number][] {
  const counts = new Map<string, number>();
  for (const { verdict } of outcomes) {
    if (verdict.verdict !== "unavailable") continue;
    counts.set(verdict.why, (counts.get(verdict.why) ?? 0) + 1);
  }
  return [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
}

/** The reasons as lines, each after how many scenes it is. */
export function reasonLines(
  reasons: readonly (readonly [string, number])[],
  columns: number,
): string[] {
  const width = Math.max(...reasons.map(([, many]) => String(many).length));
  return reasons.flatMap(([why, many]) => {
    const [first = "", ...more] = paragraph(why, columns - width - 4);
    return [
      `  ${String(many).padStart(width)}  ${first}`,
      ...more.map((line) => " ".repeat(width + 4) + line),
    ];
  });
}

/** A scene with both answers side by side, below each other where that is too wide; `>` marks where they part. */
export function differenceLines(difference: Difference, columns: number): string[] {
  const { scenes, lines, kernel, machine, at, level, steady } = difference;
  const rows = lines.map((line, i) => [
    i === at ? "> " + line : "  " + line,
    look(kernel[i], level) ?? "",
    look(machine[i], level) ?? "",
  ]);
  const table = textTable([["  operation", "kernel", "simulator"], ...rows]);
  const fits = table.every((line) => columnsOf(line) <= columns);
  const both = rows.flatMap(([line, theirs, ours], i) =>
    i === at || !alike(kernel[i], machine[i], level)
      ? [line!, `      kernel     ${theirs}`, `      simulator  ${ours}`]
      : [line!, `      both       ${theirs}`]
  );
  const others = scenes.length > 1 ? ` and ${scenes.length - 1} more` : "";
  const what = `${plural(lines.length, "line")} that differ${lines.length === 1 ? "s" : ""} in ` +
    `${level}, found in "${scenes[0]}"${others}`;
  return [
    ...paragraph(steady ? what : `${what}; replayed again, it did not`, columns),
    "",
    ...fits ? table : both,
  ];
}

/** A difference as a file of scenes that can be replayed. */
export function differenceFile({ scenes, lines, kernel, level }: Difference): string {
  const answers = lines.map((line, i) => `# ${line} -> ${atLevel(kernel[i] ?? "", level)}`);
  return [`=== from ${scenes[0]}`, ...lines, "", "# The kernel answered:", ...answers, ""].join(
    "\n",
  );
}
