// What the notebook passes around: a chapter and its parts, what became of its cells, and what is to change in its text.
// markdown.ts reads one, and `print` gives back what it was given, byte for byte.

import type { Problem } from "../tool/problem.ts";
import type { CellResult } from "./harness.ts";

/** What a chapter says about itself. */
export interface Front {
  title: string;
  /** The one question that the chapter answers. */
  question: string;
  /** For people, `2005–2006`. */
  years: string;
  /** The name of the era that the cells run under. */
  kernel: string;
  /** Slugs, in order. */
  katas: string[];
  /** How long it takes to read. */
  minutes: number;
}

/** What an author says about a cell. */
export interface Marks {
  /** Stable and unique in its chapter: links and counts use it. */
  id?: string;
  /** Shown, neither checked nor run. */
  ignore?: true;
  /** The file of the project of which it is a part, to be shown. */
  file?: string;
  /** The name or the code of the error that the cell must end with. */
  throws?: string;
  /** It shows a film, one picture at a time. */
  steps?: true;
}

/** Text between the cells, fences in other languages included. */
export interface Prose {
  kind: "prose";
  /** Of its first line, counted from 1. */
  line: number;
  /** The raw lines, line ends included. */
  source: string;
}

/** A fence ```ts. */
export interface Cell {
  kind: "cell";
  line: number;
  source: string;
  /** Counted from 0 over all cells of the chapter, ignored ones too. */
  index: number;
  /** The raw lines between the fences. */
  code: string;
  marks: Marks;
}

/** A fence ```output: what the cell before it printed. */
export interface Output {
  kind: "output";
  line: number;
  source: string;
  /** The lines between the fences, joined by \n, without a last one. */
  text: string;
  /** The index of its cell. */
  cell: number;
}

/** A fence ```predict: what a reader is asked before the cell that answers. */
export interface Predict {
  kind: "predict";
  line: number;
  source: string;
  /** Markdown, its lines joined. */
  question: string;
  /** Two or more; people call them a, b, and so on. */
  choices: Choice[];
  /** The index of the cell that answers. */
  cell: number;
}

/** One of the answers to choose from. */
export interface Choice {
  /** Markdown, as the author wrote it: the code span that {@linkcode Choice.confirms} is taken from is in it. */
  text: string;
  /** What stands in a line of the cell's output if this is the answer: the choice's last code span. */
  confirms: string;
}

export type Segment = Prose | Cell | Output | Predict;

/** A file `chapters/NN-slug.md`. */
export interface Chapter {
  /** From the project's folder, `chapters/00-owners.md`. */
  path: string;
  number: string;
  slug: string;
  front: Front;
  /** The raw lines of the front matter; the segments begin after it. */
  head: string;
  segments: Segment[];
}

/** A chapter that may be loaded. */
export interface Module {
  chapter: Chapter;
  /** The woven text. */
  text: string;
  /** A file: or data: URL. */
  url: string;
}

/** What became of a chapter: its cells as far as they ran, and why they did not run any further. */
export interface Run {
  cells: CellResult[];
  problem?: Problem;
}

/** A change to a chapter's text: `count` lines from `line` on, counted from 1, become `text`, which ends its lines. */
export interface Edit {
  line: number;
  count: number;
  text: string;
}

/** Something that a chapter says otherwise than a program does, and what would mend it. */
export interface Finding {
  problem: Problem;
  /** Several findings may share one. */
  edit?: Edit;
  /** How it is told when it is mended: what it is, where, and what stood there. */
  told?: { what: string; place: string; line: number; before: string; after: string };
}

/** Text in lines, each with its line end. Only \n ends a line, as in an editor that counts them. */
export const linesOf = (source: string): string[] => source.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The Markdown that a chapter was read from, byte for byte. */
export function print(chapter: Chapter): string {
  return chapter.head + chapter.segments.map(({ source }) => source).join("");
}

/** The cells of a chapter, in order. */
export function cellsOf(chapter: Chapter): Cell[] {
  return chapter.segments.filter((segment) => segment.kind === "cell");
}

/** The stored output of a cell, if it has one. */
export function outputOf(chapter: Chapter, cell: Cell): Output | undefined {
  return chapter.segments.find((segment): segment is Output =>
    segment.kind === "output" && segment.cell === cell.index
  );
}

/** How people name a cell: by its id, or by its number counted from 1. */
export function cellName({ index, marks }: Cell): string {
  return marks.id ? `cell \`${marks.id}\`` : `cell ${index + 1}`;
}

/** A text after some edits, which do not touch each other; all else stays byte for byte. */
export function applied(text: string, edits: Iterable<Edit>): string {
  const lines = linesOf(text);
  // From the last to the first, so that no line moves before it is looked for.
  for (const { line, count, text } of [...new Set(edits)].sort((a, b) => b.line - a.line)) {
    lines.splice(line - 1, count, text);
  }
  return lines.join("");
}
