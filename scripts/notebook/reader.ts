// A chapter as a person reads it in a terminal: its prose, its cells, and what they print just now.

import * as colors from "@std/fmt/colors";
import { highlightCode, tagHighlighter, tags } from "@lezer/highlight";
import { parser } from "@lezer/javascript";
import type { Release } from "../../sim/mod.ts";
import { kernelTitle } from "../tool/kernel_named.ts";
import { ProseWriter } from "../tool/markdown.ts";
import { printable } from "../tool/printable.ts";
import { columnsOf, fold, painted, type Span, wrap } from "../tool/text.ts";
import type { Replayed } from "./deeds.ts";
import { asides, inShort, there } from "./elsewhere.ts";
import type { Elsewhere } from "./kernels.ts";
import { type Item, outputText } from "./harness.ts";
import { type Cell, type Chapter, linesOf, type Predict, print, type Run } from "./chapter.ts";
import { confirmed, letter } from "./predict.ts";

/** A page of prose is no wider than this, whatever the terminal is. */
const readable = 80;

const typescript = parser.configure({ dialect: "ts" });

const paints: Record<string, (text: string) => string> = {
  comment: colors.dim,
  keyword: colors.magenta,
  string: colors.green,
  number: colors.yellow,
  type: colors.blue,
};

const highlighter = tagHighlighter([
  { tag: tags.comment, class: "comment" },
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], class: "keyword" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], class: "string" },
  { tag: [tags.number, tags.bool, tags.null], class: "number" },
  { tag: [tags.typeName, tags.className], class: "type" },
]);

/** Another kernel than the text speaks of, and how the cells come out there. */
export interface Other {
  kernel: Release;
  elsewhere: Elsewhere | undefined;
}

/** What a reader is told beside the chapter itself. */
export interface Known {
  other?: Other;
  replayed?: Replayed;
  /** How the cells come out on other eras, where the chapter runs under its own. */
  elsewhere?: Elsewhere | undefined;
}

/** A part of what a reader sees: lines that stand together, with a blank line before the next. */
export interface Part {
  lines: string[];
  /** Behind it the reader is asked, by so many letters, what the cell will print. */
  choices?: number;
  /** It says which letter was right. */
  answers?: true;
}

/** All lines, for whoever reads them in a pipe. */
export function linesOfParts(parts: readonly Part[]): string[] {
  return parts.flatMap(({ lines }, at) => at > 0 ? ["", ...lines] : lines);
}

/** What a reader sees, part by part. */
export function read(
  chapter: Chapter,
  run: Run,
  columns: number,
  { other, replayed, elsewhere }: Known = {},
): Part[] {
  const { front, number, head } = chapter;
  const folder = chapter.path.replace(/[^/]*$/, "");
  const width = Math.min(columns, readable);
  const prose = new ProseWriter(print(chapter).slice(head.length), folder, width);
  const kernel = other
    ? `kernel: ${kernelTitle(other.kernel)}, while the text speaks of ${front.kernel}`
    : `kernel: ${front.kernel}`;
  const minutes = `${front.minutes} minute${front.minutes === 1 ? "" : "s"}`;
  const parts: Part[] = [];
  const add = (lines: string[], more: Omit<Part, "lines"> = {}) => {
    if (lines.length > 0) parts.push({ lines, ...more });
  };
  const facts = [`Chapter ${number}`, front.years, minutes, kernel].join(" · ");
  add(wrap([{ text: printable(facts) }], width).map(painted));
  const resultOf = (cell: Cell) => run.cells.find(({ index }) => index === cell.index);
  let asked: Predict | undefined;
  for (const segment of chapter.segments) {
    if (segment.kind === "prose") add(prose.lines(segment.source));
    if (segment.kind === "predict") question(asked = segment, prose).forEach((part) => add(part));
    if (segment.kind !== "cell") continue;
    const answered = asked?.cell === segment.index ? answer(asked, run, width) : [];
    add(code(segment, columns), answered.length > 0 ? { choices: asked!.choices.length } : {});
    printed(segment, run, columns).forEach((part) => add(part));
    const seen = other ? undefined : replayed?.(chapter, segment, resultOf(segment));
    add(dim(seen ?? "", width));
    add(answered, { answers: true });
    if (other) otherwise(segment, other, front.kernel, columns).forEach((lines) => add(lines));
    else add(dim(elsewhere ? elsewhereText(segment, elsewhere) : "", width));
  }
  add(prose.references());
  const katas = front.katas.map((slug) => `    deno task kata ${printable(slug)}`);
  add(katas.length > 0 ? ["Now you:", ...katas] : []);
  return parts;
}

/** A cell's code, four columns in. */
function code(cell: Cell, columns: number): string[] {
  const text = linesOf(printable(cell.code.replaceAll("\r\n", "\n"))).join("").replace(/\n$/, "");
  const lines: Span[][] = [[]];
  highlightCode(
    text,
    typescript.parse(text),
    highlighter,
    (text, style) => lines.at(-1)!.push({ text, ...(style ? { paint: paints[style]! } : {}) }),
    () => lines.push([]),
  );
  return lines.flatMap((line) =>
    fold(line, columns - 4).map((part) => `    ${painted(part)}`.trimEnd())
  );
}

function printed(cell: Cell, { cells, problem }: Run, columns: number): string[][] {
  if (cell.marks.file) return [[note(`(${printable(cell.marks.file)})`)]];
  if (cell.marks.ignore) return [[note("(not run)")]];
  const result = cells.find(({ index }) => index === cell.index);
  const items = result?.items ?? [];
  const lines = items.flatMap(({ kind, text }) => block(text.split("\n"), columns, kind));
  const parts = lines.length > 0 ? [lines] : [];
  if (!problem) return parts;
  const last = cells.at(-1)?.index ?? -1;
  if (cell.index > last) return [[note("(not run)")]];
  return cell.index === last ? [...parts, [colors.red(String(problem))]] : parts;
}

/** A question, and its choices by letter. */
function question({ question, choices }: Predict, prose: ProseWriter): string[][] {
  const lines = choices.flatMap(({ text }, index) =>
    prose.lines(text, 5).map((line, at) => (at === 0 ? `  ${letter(index)}) ` : "     ") + line)
  );
  return [prose.lines(question), lines];
}

/** Which choice the output confirms, here and now: another era may confirm another. */
function answer(asked: Predict, { cells }: Run, width: number): string[] {
  const result = cells.find(({ index }) => index === asked.cell);
  if (!result || result.error) return [];
  const letters = confirmed(asked, outputText(result)).map(letter);
  const text = letters.length > 0
    ? `The output confirms ${letters.join(" and ")}.`
    : "The output confirms none of them.";
  return wrap([{ text, paint: colors.bold }], width).map(painted);
}

/** On which eras somebody would see another outcome; nothing where there is none. */
function elsewhereText({ index }: Cell, elsewhere: Elsewhere): string {
  const short = inShort(there(elsewhere, index));
  return short && `on other eras: ${short}`;
}

/** Under another kernel: where it parts from the one that the text speaks of. */
function otherwise(
  { index }: Cell,
  { kernel: { release }, elsewhere }: Other,
  own: string,
  columns: number,
): string[][] {
  const beside = elsewhere?.on.get(release)?.get(index);
  const all = beside ? asides({ beside, own, other: release }) : [];
  return all.map(({ kind, text }) =>
    kind === "note"
      ? wrap([{ text: printable(text), paint: colors.yellow }], columns).map(painted)
      : block(text.split("\n"), columns, kind, colors.dim)
  );
}

function dim(text: string, width: number): string[] {
  return text ? wrap([{ text: printable(text), paint: colors.dim }], width).map(painted) : [];
}

const note = (text: string): string => colors.yellow(text);

/**
 * Lines as they were printed, behind a bar, folded where the terminal is too narrow. A picture that only fits without the
 * bar goes without it: folded it would be worse.
 */
function block(
  lines: readonly string[],
  columns: number,
  kind: Item["kind"],
  paint?: Span["paint"],
): string[] {
  const spare = columns - Math.max(...lines.map(columnsOf));
  const bar = kind === "view" && (spare === 0 || spare === 1) ? "" : colors.green("| ");
  return lines.flatMap((text) =>
    fold([{ text, ...(paint ? { paint } : {}) }], columns - (bar ? 2 : 0)).map((part) =>
      `${bar}${painted(part)}`.trimEnd()
    )
  );
}
