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
 * The first line, which is front matter in the chapter, takes the cells' surroundings from the global
 * `__chapter(slug, key)`. A cell's opening fence becomes `__cell(key, index)`, in which no cell can read the key, so that
 * none can say that another begins. A cell with `throws=` is wrapped in a block: what it declares is its
 * own, since nobody can say how far it came, and a later cell that wants it gets a type error.
 *
 * @param key what nobody can guess
 */
export function weave(
  chapter: Pick<Chapter, "slug" | "head" | "segments">,
  key: string,
): string {
  const text = JSON.stringify;
  const first = `const { ${names} } = __chapter(${text(chapter.slug)}, ${text(key)});`;
  const head = blank(chapter.head).replace("//", first);
  const segments = chapter.segments.map((segment) => weaveSegment(segment, text(key)));
  return `${head}${segments.join("")}export {};\n`;
}

const blank = (source: string): string => source.replace(/[^\n]*\n|[^\n]+$/g, "//\n");

function weaveSegment(segment: Segment, key: string): string {
  if (segment.kind !== "cell" || segment.marks.ignore) return blank(segment.source);
  const { index, code, marks: { throws } } = segment;
  return throws
    ? `__cell(${key}, ${index}, ${
      JSON.stringify(throws)
    }); try {\n${code}} catch (error) { __threw(${key}, error); }\n`
    : `__cell(${key}, ${index});\n${code}//\n`;
}
