// A chapter as prose, cells and outputs, and back to Markdown byte for byte.
//
// The lines are cut up here, where every byte is kept; whether a reader sees the same cells is asked of marked,
// which knows lists, quotes and HTML. If the two disagree the chapter is refused: nothing is run that is not
// shown, and nothing is shown as a cell that is not run.

import { lexer, walkTokens } from "marked";
import { Problem } from "../problem.ts";
import { type Front, parseFront } from "./front.ts";
import { type Marks, parseMarks } from "./marks.ts";

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

export type Segment = Prose | Cell | Output;

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

/** A line that opens a fence; a fence of backticks has none in its words. */
const opening = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*?)\s*$/;

function cut(lines: readonly string[], start: number, path: string): Segment[] {
  const segments: Segment[] = [];
  let prose = start;
  let cells = 0;
  let last: Cell | Output | undefined;
  const ids = new Map<string, number>();
  const add = (segment: Cell | Output, from: number, to: number) => {
    endProse(from);
    segments.push(last = segment);
    prose = to;
  };
  const endProse = (to: number) => {
    const source = lines.slice(prose, to).join("");
    if (source) segments.push({ kind: "prose", line: prose + 1, source });
    if (source.trim()) last = undefined; // only blank lines may stand between a cell and its output
  };
  for (let at = start; at < lines.length; at++) {
    const [, indent = "", fence, info = ""] = (lines[at] ?? "").trimEnd().match(opening) ?? [];
    if (!fence) continue;
    const line = at + 1;
    const close = new RegExp(`^ {0,3}${fence[0]}{${fence.length},}\\s*$`);
    const end = lines.findIndex((text, index) => index > at && close.test(text));
    if (end < 0) {
      throw new Problem("this fence is never closed", {
        path,
        line,
        remedy: `Close it with a line \`${fence}\``,
      });
    }
    const [language = "", ...words] = info.split(/\s+/);
    const ours = kindOf(language, path, line);
    if (ours && indent) {
      throw new Problem("the fence is indented", {
        path,
        line,
        remedy: "A cell and its output begin in the first column",
      });
    }
    const source = lines.slice(at, end + 1).join("");
    const code = lines.slice(at + 1, end).join("");
    if (ours === "cell") {
      const marks = parseMarks(words, path, line);
      if (marks.id && ids.has(marks.id)) {
        throw new Problem(`another cell has the id \`${marks.id}\``, {
          path,
          line,
          remedy: `The other one is at line ${ids.get(marks.id)}: give this one a name of its own`,
        });
      }
      if (marks.id) ids.set(marks.id, line);
      refuseLineEnds(code, path, line + 1);
      add({ kind: "cell", line, source, index: cells++, code, marks }, at, end + 1);
    } else if (ours === "output") {
      endProse(at);
      prose = at;
      if (last?.kind !== "cell" || last.marks.ignore || words.length > 0) {
        throw new Problem("this output follows no cell that runs", {
          path,
          line,
          remedy: "An output stands right after the ```ts that printed it, with only blank lines " +
            "between, and its fence says ```output alone; name the fence ```text if it is none",
        });
      }
      const text = lines.slice(at + 1, end).map((text) => text.replace(/\r?\n$/, "")).join("\n");
      add({ kind: "output", line, source, text, cell: last.index }, at, end + 1);
    }
    at = end;
  }
  endProse(lines.length);
  return segments;
}

/** What a fence is to us. Throws for one that a reader would take for a cell, or that comes later. */
function kindOf(language: string, path: string, line: number): "cell" | "output" | undefined {
  if (language === "ts") return "cell";
  if (language === "output") return "output";
  if (language === "predict") {
    throw new Problem("a `predict` fence is not supported yet", {
      path,
      line,
      remedy: "Take it away",
    });
  }
  if (/^(ts|output)\b/i.test(language)) {
    throw new Problem(`a fence in \`${language}\` looks like a cell and is none`, {
      path,
      line,
      remedy: "Write ```ts or ```output in small letters, and its marks after a blank",
    });
  }
}

/** TypeScript ends a line where Markdown does not: everything below would be reported at the wrong line. */
function refuseLineEnds(code: string, path: string, first: number): void {
  for (const [index, text] of linesOf(code).entries()) {
    const found = text.replace(/\r?\n$/, "").search(/[\r\u2028\u2029]/);
    if (found < 0) continue;
    const escape = `\\u${text.charCodeAt(found).toString(16).padStart(4, "0")}`;
    throw new Problem(`the cell holds the line end ${escape}`, {
      path,
      line: first + index,
      column: found + 1,
      remedy: `Write it as ${escape}, or take it away`,
    });
  }
}

/** The fences that are ours as a reader's Markdown shows them must be those that were cut out. */
function compareWithMarked(body: string, chapter: Chapter): void {
  const squeeze = (text: string) => text.replace(/\s+/g, "");
  const shown: string[] = [];
  walkTokens(lexer(body), (token) => {
    if (token.type !== "code" || token.codeBlockStyle === "indented") return;
    const language = String(token.lang ?? "").split(/\s+/)[0];
    if (language === "ts" || language === "output") shown.push(squeeze(token.text));
  });
  const ours = chapter.segments.filter((segment) => segment.kind !== "prose");
  const differs = ours.findIndex((segment, index) =>
    shown[index] !== squeeze(segment.kind === "cell" ? segment.code : segment.text)
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
      /^\W*(`{3,}|~{3,})\s*(ts|output)\b/.test(text)
    );
    if (kind === "prose" && index >= 0) return line + index;
  }
  return linesOf(head).length;
}
