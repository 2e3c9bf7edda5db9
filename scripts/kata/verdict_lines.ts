// Verdicts, types and the table of katas as lines of a terminal; colour only as emphasis, so that nothing is lost without it.

import { bold, cyan, dim, green, red, yellow } from "@std/fmt/colors";
import type { Problem } from "../tool/problem.ts";
import { fold, painted, paragraph, plural } from "../tool/text.ts";
import type { Kata } from "./list.ts";
import { type Entry, isSolved } from "./progress.ts";
import type { Verdict } from "./run.ts";

/** A verdict as a story: how far it is, and the first thing that is wrong. */
export function verdictLines(verdict: Verdict, width: number): string[] {
  const { slug, state, passed, total, failure } = verdict;
  const count = `${passed} of ${total} tests pass`;
  if (state === "passed") {
    const told = paragraph(`${slug}: ${count}`, width - 2).map((line) => green(`✓ ${line}`));
    return [...told, ...printed(verdict, width)];
  }
  const head = state === "broken" ? "cannot be judged yet" : count;
  const lines = [red(`✗ ${slug}: ${head}`), ""];
  if (failure) {
    lines.push(...paragraph(failure.test, width, "  ").map(bold), "");
    lines.push(...details(failure.details, width));
    lines.push(...paragraph(failure.message, width, "  ").map(yellow), "");
    if (failure.where) lines.push(`  ${cyan(failure.where)}`);
  }
  return [...lines, ...printed(verdict, width)];
}

function details(text: string | undefined, width: number): string[] {
  if (!text) return [];
  const lines = text.split("\n").flatMap((line) => {
    const paint = /^ +- /.test(line) || line.startsWith("--")
      ? red
      : /^ +\+ /.test(line) || line.startsWith("++")
      ? green
      : line.startsWith("    ")
      ? dim
      : undefined;
    return fold([{ text: `  ${line}`, ...paint && { paint } }], width).map(painted);
  });
  return [...lines, ""];
}

/** How many lines of a learner's own output are shown. */
const PRINTED_LINES = 12;

function printed({ note, elsewhere = 0 }: Verdict, width: number): string[] {
  const others = elsewhere ? [dim(`    (and ${plural(elsewhere, "line")} in other tests)`)] : [];
  if (!note) return elsewhere ? ["", "  Your code printed:", ...others] : [];
  const lines = note.split("\n").flatMap((line) =>
    fold([{ text: `    ${line}` }], width).map(painted)
  );
  const left = lines.length - PRINTED_LINES;
  return [
    "",
    "  Your code printed:",
    ...lines.slice(0, PRINTED_LINES),
    ...left > 0 ? [dim(`    (and ${left} lines more)`)] : [],
    ...others,
  ];
}

/** What the compiler said, on a line of its own. */
export function typeLines(problems: readonly Problem[], width: number): string[] {
  const [first, ...more] = problems;
  if (!first) return [dim("  types: no errors")];
  const { path, line, column } = first.place;
  const place = [path, line, column].filter((part) => part !== undefined).join(":");
  return [
    ...paragraph(`types: ${first.message}`, width, "  ").map(yellow),
    `  ${cyan(place)}${more.length > 0 ? ` and ${more.length} more` : ""}`,
  ];
}

/** The table of katas: how far each is. */
export function listLines(
  katas: readonly Kata[],
  entries: ReadonlyMap<string, Entry>,
  begun: ReadonlySet<string>,
  width: number,
): string[] {
  const longest = Math.max(...katas.map((kata) => kata.slug.length));
  return katas.map((kata) => {
    const entry = entries.get(kata.slug);
    const done = isSolved(entry), passes = !begun.has(kata.slug) || entry?.state === "passed";
    const now = entry?.state === "broken"
      ? done ? "cannot be judged" : "cannot be judged yet"
      : `${entry?.passed ?? 0} of ${entry?.total ?? "?"}`;
    const state = done
      ? passes ? "done" : `done, now ${now}`
      : begun.has(kata.slug)
      ? now
      : `${kata.minutes} min`;
    const hints = entry?.hints ? `, ${plural(entry.hints, "hint")}` : "";
    const mark = done ? green("✓") : begun.has(kata.slug) ? yellow("…") : " ";
    const row = `${kata.chapter}  ${kata.slug.padEnd(longest)}  ${state}${hints}`;
    const room = width - row.length - 4;
    const title = room > 12 && kata.title.length <= room ? dim(`  ${kata.title}`) : "";
    return `${mark} ${row}${title}`;
  });
}
