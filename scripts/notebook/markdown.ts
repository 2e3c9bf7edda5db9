// Reads a chapter: cuts the lines of its Markdown into segments, the fences that are ours and the prose between them.
//
// Every byte is kept. Whether a reader sees the same cells is asked of marked, which knows lists, quotes and HTML. If the
// two disagree the chapter is refused: nothing is run that is not shown, and nothing is shown as a cell that is not run.

import { lexer, walkTokens } from "marked";
import { closes, opening, refuseDeep } from "../tool/nesting.ts";
import { Problem } from "../tool/problem.ts";
import {
  type Cell,
  type Chapter,
  linesOf,
  type Marks,
  type Output,
  type Predict,
  type Segment,
} from "./chapter.ts";
import { parseFront } from "./front.ts";
import { parseMarks } from "./marks.ts";
import { parsePredict } from "./predict.ts";

/** Reads a chapter. Throws a {@linkcode Problem} with the line for whatever a chapter may not hold. */
export function parse(source: string, path: string): Chapter {
  const name = path.match(/(?:^|\/)(\d\d)-([a-z0-9-]+)\.md$/);
  if (!name) {
    throw new Problem("a chapter's file is named for its number and slug", {
      path,
      remedy: "Such as chapters/00-owners.md",
    });
  }
  const lines = linesOf(source);
  const { front, size } = parseFront(lines, path);
  const body = lines.slice(size).join("");
  refuseDeep(body, path, size);
  const segments = cut(lines, size, path);
  const chapter: Chapter = {
    path,
    number: name[1]!,
    slug: name[2]!,
    front,
    head: lines.slice(0, size).join(""),
    segments,
  };
  compareWithMarked(body, chapter);
  return chapter;
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

/**
 * The segments of the lines from `start` on.
 *
 * Throws a {@linkcode Problem} at its line for a fence that is never closed or looks like one of ours and is none, and for
 * an output or a question that has no cell.
 */
function cut(lines: readonly string[], start: number, path: string): Segment[] {
  const segments: Segment[] = [];
  const ids = new Map<string, number>();
  let prose = start;
  let cells = 0;
  /** The last fence of ours while only blank lines follow it. */
  let last: Cell | Output | Predict | undefined;

  const endProse = (to: number) => {
    const source = lines.slice(prose, to).join("");
    if (source) segments.push({ kind: "prose", line: prose + 1, source });
    if (!source.trim()) return;
    if (last?.kind === "predict") refuseLonely(last, path);
    last = undefined;
  };
  const add = (segment: Cell | Output | Predict, from: number, to: number) => {
    endProse(from);
    if (last?.kind === "predict") {
      if (segment.kind !== "cell" || segment.marks.ignore) refuseLonely(last, path);
      last.cell = cells - 1;
    }
    segments.push(last = segment);
    prose = to;
  };

  for (let at = start; at < lines.length; at++) {
    const [, indent = "", fence, info = ""] = (lines[at] ?? "").trimEnd().match(opening) ?? [];
    if (!fence) continue;
    const line = at + 1;
    const end = closing(lines, at, fence);
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
        remedy: "A cell, its output and its question begin in the first column",
      });
    }
    const source = lines.slice(at, end + 1).join("");
    const inside = lines.slice(at + 1, end);
    if (ours === "cell") {
      const marks = parseMarks(words, path, line);
      refuseTwin(ids, marks, path, line);
      refuseLineEnds(inside, path, line + 1);
      const code = inside.join("");
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
      const text = inside.map((text) => text.replace(/\r?\n$/, "")).join("\n");
      add({ kind: "output", line, source, text, cell: last.index }, at, end + 1);
    } else if (ours === "predict") {
      const asked = parsePredict(inside, path, line);
      add({ kind: "predict", line, source, ...asked, cell: -1 }, at, end + 1);
    }
    at = end;
  }
  endProse(lines.length);
  if (last?.kind === "predict") refuseLonely(last, path);
  return segments;
}

/** The index of the line that closes the fence at `at`, or -1. */
function closing(lines: readonly string[], at: number, fence: string): number {
  return lines.findIndex((text, index) => index > at && closes(text, fence));
}

/** What a fence is to us. Throws for one that a reader would take for one of ours. */
function kindOf(
  language: string,
  path: string,
  line: number,
): "cell" | "output" | "predict" | undefined {
  if (language === "ts") return "cell";
  if (language === "output" || language === "predict") return language;
  if (/^(ts|output|predict)\b/i.test(language)) {
    throw new Problem(`a fence in \`${language}\` looks like a cell and is none`, {
      path,
      line,
      remedy: "Write ```ts, ```output or ```predict in small letters, and marks after a blank",
    });
  }
}

function refuseLonely({ line }: Predict, path: string): never {
  throw new Problem("this question is followed by no cell that runs", {
    path,
    line,
    remedy: "A ```predict stands right before the ```ts that answers it, with only blank lines " +
      "between",
  });
}

function refuseTwin(
  ids: Map<string, number>,
  { id }: Marks,
  path: string,
  line: number,
): void {
  if (id && ids.has(id)) {
    throw new Problem(`another cell has the id \`${id}\``, {
      path,
      line,
      remedy: `The other one is at line ${ids.get(id)}: give this one a name of its own`,
    });
  }
  if (id) ids.set(id, line);
}

/** TypeScript ends a line where Markdown does not: everything below would be reported at the wrong line. */
function refuseLineEnds(code: readonly string[], path: string, first: number): void {
  for (const [index, text] of code.entries()) {
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
