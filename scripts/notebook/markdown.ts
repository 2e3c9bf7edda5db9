// A chapter as prose, cells, outputs and questions, and back to Markdown byte for byte.
//
// cut.ts cuts up the lines, and every byte is kept; whether a reader sees the same cells is asked of marked,
// which knows lists, quotes and HTML. If the two disagree the chapter is refused: nothing is run that is not
// shown, and nothing is shown as a cell that is not run.

import { lexer, walkTokens } from "marked";
import { Problem } from "../tool/problem.ts";
import { cut } from "./cut.ts";
import { type Front, parseFront } from "./front.ts";
import type { Marks } from "./marks.ts";

export type { Front, Marks };

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

/** Text in lines, each with its line end. Only \n ends a line, as in an editor that counts them. */
export const linesOf = (source: string): string[] => source.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Reads a chapter. Throws a {@linkcode Problem} with the line for whatever a chapter may not hold. */
export function parse(source: string, path: string): Chapter {
  const name = path.match(/(\d\d)-([a-z0-9-]+)\.md$/);
  if (!name) {
    throw new Problem("a chapter's file is named for its number and slug", {
      path,
      remedy: "Such as chapters/00-owners.md",
    });
  }
  const lines = linesOf(source);
  const { front, size } = parseFront(lines, path);
  const segments = cut(lines, size, path);
  const chapter: Chapter = {
    path,
    number: name[1]!,
    slug: name[2]!,
    front,
    head: lines.slice(0, size).join(""),
    segments,
  };
  compareWithMarked(lines.slice(size).join(""), chapter);
  return chapter;
}

/** The Markdown that {@linkcode parse} was given, byte for byte. */
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

/** The fences that are ours as a reader's Markdown shows them must be those that were cut out. */
function compareWithMarked(body: string, chapter: Chapter): void {
  const squeeze = (text: string) => text.replace(/\s+/g, "");
  const shown: string[] = [];
  walkTokens(lexer(body), (token) => {
    if (token.type !== "code" || token.codeBlockStyle === "indented") return;
    const language = String(token.lang ?? "").split(/\s+/)[0];
    if (/^(?:ts|output|predict)$/.test(language ?? "")) shown.push(squeeze(token.text));
  });
  const ours = chapter.segments.filter((segment) => segment.kind !== "prose");
  const differs = ours.findIndex((segment, index) =>
    shown[index] !== squeeze(linesOf(segment.source).slice(1, -1).join(""))
  );
  if (differs < 0 && shown.length === ours.length) return;
  const place = ours[differs]?.line ?? hiddenFence(chapter);
  throw new Problem("here Markdown does not show the cells that the course would run", {
    path: chapter.path,
    line: place,
    remedy: "A cell stands in no list, no quote and no HTML, with a blank line before it",
  });
}

/** The first line in the prose that seems to open a cell, inside a quote or a list. */
function hiddenFence({ head, segments }: Chapter): number {
  for (const { kind, line, source } of segments) {
    const index = linesOf(source).findIndex((text) =>
      /^\W*(`{3,}|~{3,})\s*(ts|output|predict)\b/.test(text)
    );
    if (kind === "prose" && index >= 0) return line + index;
  }
  return linesOf(head).length;
}
