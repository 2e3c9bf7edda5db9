// This module is browser compatible.
//
// A chapter as one program, each line of code on the line where it stands in the Markdown, so that a type error or
// a stack frame names the chapter's own line. Prose becomes empty comments: no character of it reaches a compiler
// (a U+2028 in it would end a line), and an edit to the prose alone changes nothing that has to be compiled again.

import type { Chapter, Segment } from "./chapter.ts";

/** What the first line of every woven chapter takes from the harness; no cell can declare these names again. */
const names = "console, show, count, kernel, __cell, __threw";

/**
 * A chapter as a TypeScript module, line for line.
 *
 * The first line, which is front matter in the chapter, takes the cells' surroundings from the global `__chapter(slug)`.
 * A cell's opening fence becomes `__cell(index)`. A cell with `throws=` is wrapped in a block: what it declares is its
 * own, since nobody can say how far it came, and a later cell that wants it gets a type error.
 */
export function weave(chapter: Pick<Chapter, "slug" | "head" | "segments">): string {
  const first = `const { ${names} } = __chapter(${JSON.stringify(chapter.slug)});`;
  const head = blank(chapter.head).replace("//", first);
  return `${head}${chapter.segments.map(weaveSegment).join("")}export {};\n`;
}

const blank = (source: string): string => source.replace(/[^\n]*\n|[^\n]+$/g, "//\n");

function weaveSegment(segment: Segment): string {
  if (segment.kind !== "cell" || segment.marks.ignore) return blank(segment.source);
  const { index, code, marks: { throws } } = segment;
  return throws
    ? `__cell(${index}, ${
      JSON.stringify(throws)
    }); try {\n${code}} catch (error) { __threw(error); }\n`
    : `__cell(${index});\n${code}//\n`;
}
