// The table of a scene's operations in sim/scenes/README.md: what stands between `<!-- operations -->` and
// `<!-- /operations -->` is made here, from the machine's table; `deno task scene --operations --accept` writes it.

import { type Kind, type Meaning, operations, SIGNS, WORDS } from "../sim/mod.ts";
import { Problem } from "./tool/problem.ts";

/** Where the table stands. */
export const README = "sim/scenes/README.md";

const OPEN = "<!-- operations -->", CLOSE = "<!-- /operations -->";

/** A row for each operation that a scene can ask for, and below it the words that some of them take. */
export function operationsTable(): string {
  const rows = operations.flatMap(({ who, scene }) => {
    if (!scene) return [];
    const by = (scene.by ?? who) === "process" ? "P0" : "*";
    const line = ["`", [by, scene.word, ...signsOf(scene.words)].join(" "), "`"].join("");
    return [[line, scene.does, scene.answers, scene.needs ?? ""]];
  });
  const words = (["memory", "advice"] as const).map((kind) =>
    `\`${SIGNS[kind]}\` is ${listOf(WORDS[kind])}.`
  );
  return [
    ...columns([["line", "what it does", "answers", "needs"], ...rows]),
    "",
    ...words,
  ].join("\n");
}

/** A text with the table as it is now. */
export function withTable(text: string, path: string): string {
  const from = text.indexOf(OPEN), to = text.indexOf(CLOSE, from);
  if (from < 0 || to < 0) {
    throw new Problem("there is no place for the table of operations", {
      path,
      remedy: `Put ${OPEN} and ${CLOSE} on lines of their own`,
    });
  }
  return `${text.slice(0, from + OPEN.length)}\n\n${operationsTable()}\n\n${text.slice(to)}`;
}

/** The second page of an operation is the one to go to. */
function signsOf(kinds: readonly Kind[]): string[] {
  return kinds.map((kind, i) => kind === "page" && kinds.indexOf(kind) < i ? "b0" : SIGNS[kind]);
}

/** `priv`, …, `hugetlb` (needs hugetlb). */
function listOf(words: Readonly<Record<string, Meaning>>): string {
  return Object.entries(words).map(([word, { needs }]) =>
    `\`${word}\`${needs ? ` (needs ${needs})` : ""}`
  ).join(", ");
}

/** Rows as Markdown, padded as the formatter does it. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const [head, ...rest] = cells;
  return [line(head!), line(widths.map((width) => "-".repeat(width))), ...rest.map(line)];
}
