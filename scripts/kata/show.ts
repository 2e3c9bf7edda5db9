// How the katas look in a terminal: text as wide as the terminal, at most 80 columns, in lines; colour only as emphasis,
// so that nothing is lost without it. `NO_COLOR` and pipes are answered by the caller, once.

import { bold, cyan, dim, green, red, yellow } from "@std/fmt/colors";
import { unescape } from "@std/html/entities";
import { lexer, type Token, type Tokens } from "marked";
import type { Problem } from "../tool/problem.ts";
import type { Kata } from "./list.ts";
import type { Entry } from "./progress.ts";
import type { Verdict } from "./run.ts";

/** The columns to write in: the terminal's, 80 where there is none or where it is wider. */
export function columns(): number {
  try {
    return Math.max(20, Math.min(80, Deno.consoleSize().columns));
  } catch {
    return 80;
  }
}

/**
 * Breaks one line of text to fit, at the last wide gap that fits or else at the last space. What follows is indented by
 * `hang` more than the line; a word that does not fit stays whole.
 */
export function fold(line: string, width: number, hang = 0): string[] {
  const indent = line.match(/^ */)![0].length;
  if (line.length <= width) return [line];
  const body = line.slice(indent, width + 1);
  const gap = [...body.matchAll(/\S( {2,})(?=\S)/g)].at(-1);
  const cut = gap
    ? gap.index + 1
    : body.lastIndexOf(" ") > 0
    ? body.lastIndexOf(" ")
    : line.slice(indent).indexOf(" ");
  if (cut <= 0) return [line];
  const rest = line.slice(indent + cut).trimStart();
  // What is broken off stands `hang` further in, once.
  const next = " ".repeat(indent + hang) + rest;
  return [line.slice(0, indent + cut).trimEnd(), ...fold(next, width)];
}

/** Shows what is going on, on a terminal only; the next one takes its place, and "" nothing. */
export function status(text: string): void {
  if (!Deno.stdout.isTerminal()) return;
  // A line as wide as the terminal would wrap, and its first half would stay.
  const line = dim(text.slice(0, columns() - 1));
  Deno.stdout.writeSync(new TextEncoder().encode(`\r\x1b[K${text && line}`));
}

/** The text of `--help`: commands, each with what it does, beside it or below it. */
export function helpLines(text: string, width: number): string[] {
  const lines = text.split("\n").flatMap((line) => fold(line, width, line.includes("  ") ? 4 : 0));
  return [...lines, ...withoutDeno(width)];
}

/** Hints name `deno`; here is what to type without. Told where somebody begins, and not again. */
export function withoutDeno(width: number): string[] {
  const line = `(without Deno: npx --yes deno@${Deno.version.deno} task …)`;
  return ["", ...fold(line, width).map(dim)];
}

/** Text to be read, with an indent: every line is folded. */
export function paragraph(text: string, width: number, indent = 0): string[] {
  return fold(" ".repeat(indent) + text.replaceAll(/\s+/g, " ").trim(), width);
}

/** Markdown for a terminal: headings, paragraphs, lists, code. Links show their text. */
export function markdown(source: string, width: number): string[] {
  return lexer(source).flatMap((token) => block(token, width, 0));
}

function block(token: Token, width: number, indent: number): string[] {
  const pad = " ".repeat(indent);
  switch (token.type) {
    case "heading":
      return [...paragraph(inline(token), width, indent).map(bold), ""];
    case "code":
      return [...(token as Tokens.Code).text.split("\n").map((line) => `${pad}    ${line}`), ""];
    case "list":
      return [
        ...(token as Tokens.List).items.flatMap((item) =>
          fold(`${pad}- ${item.tokens.map(inline).join(" ").replaceAll(/\s+/g, " ")}`, width, 2)
        ),
        "",
      ];
    case "space":
      return [];
    default:
      return [...paragraph(inline(token), width, indent), ""];
  }
}

/** Marked's inline Markdown as plain words; backticks stay, since they set code apart. */
function inline(token: Token): string {
  if (token.type === "codespan") return token.raw;
  if ("tokens" in token && token.tokens) return token.tokens.map(inline).join("");
  return "text" in token ? unescape(token.text) : token.raw;
}

/** A verdict as a story: how far it is, and the first thing that is wrong. */
export function verdictLines(verdict: Verdict, width: number): string[] {
  const { slug, state, passed, total, failure } = verdict;
  const count = `${passed} of ${total} tests pass`;
  if (state === "passed") {
    const told = fold(`${slug}: ${count}`, width - 2).map((line) => green(`✓ ${line}`));
    return [...told, ...printed(verdict.note, width)];
  }
  const head = state === "broken" ? "cannot be judged yet" : count;
  const lines = [red(`✗ ${slug}: ${head}`), ""];
  if (failure) {
    lines.push(...paragraph(failure.test, width, 2).map(bold), "");
    lines.push(...details(failure.details, width));
    lines.push(...paragraph(failure.message, width, 2).map(yellow), "");
    if (failure.where) lines.push(`  ${cyan(failure.where)}`);
  }
  return [...lines, ...printed(verdict.note, width)];
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
      : (plain: string) => plain;
    return fold(`  ${line}`, width, /^ +[-+ ] /.test(line) ? 4 : 2).map(paint);
  });
  return [...lines, ""];
}

/** How many lines of a learner's own output are shown. */
const PRINTED_LINES = 12;

function printed(note: string | undefined, width: number): string[] {
  if (!note) return [];
  const lines = note.split("\n").flatMap((line) => fold(`    ${line}`, width, 2));
  const left = lines.length - PRINTED_LINES;
  return [
    "",
    "  Your code printed:",
    ...lines.slice(0, PRINTED_LINES),
    ...left > 0 ? [dim(`    (and ${left} lines more)`)] : [],
  ];
}

/** What the compiler said, on a line of its own. */
export function typeLines(problems: readonly Problem[], width: number): string[] {
  const [first, ...more] = problems;
  if (!first) return [dim("  types: no errors")];
  const { path, line, column } = first.place;
  const place = [path, line, column].filter((part) => part !== undefined).join(":");
  return [
    ...paragraph(`types: ${first.message}`, width, 2).map(yellow),
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
    const done = entry?.state === "passed";
    const state = !begun.has(kata.slug)
      ? `${kata.minutes} min`
      : done
      ? "done"
      : entry?.state === "broken"
      ? "cannot be judged yet"
      : `${entry?.passed ?? 0} of ${entry?.total ?? "?"}`;
    const hints = entry?.hints ? `, ${entry.hints} hint${entry.hints === 1 ? "" : "s"}` : "";
    const mark = done ? green("✓") : begun.has(kata.slug) ? yellow("…") : " ";
    const row = `${kata.chapter}  ${kata.slug.padEnd(longest)}  ${state}${hints}`;
    const room = width - row.length - 4;
    const title = room > 12 && kata.title.length <= room ? dim(`  ${kata.title}`) : "";
    return `${mark} ${row}${title}`;
  });
}
