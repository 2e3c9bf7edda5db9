// Markdown that is nested too deep, or too full of marks: nobody writes it, and a reader of Markdown takes a time that grows
// with a power of the depth or the number, or its stack.

import { Problem } from "./problem.ts";

/** Quotes and lists in each other, on one line. */
const DEEPEST = 20;
/** Blanks in front of a list's item, which is then in a list in a list. */
const WIDEST = 60;

/** Marks in one paragraph, of stress, links and HTML: each is looked for in all that follow. */
const MOST = 1_000;

const markers = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/;

/** A line that opens a fence; a fence of backticks has none in its words. */
export const opening = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*?)\s*$/;

/** Does a line close the fence that these marks opened? */
export function closes(line: string, fence: string): boolean {
  return new RegExp(`^ {0,3}${fence[0]}{${fence.length},}\\s*$`).test(line);
}

/**
 * Refuses Markdown whose quotes or lists are too deep, or whose paragraphs have too many marks.
 *
 * @param above how many lines of the file stand above the text
 * @throws Problem at the line
 */
export function refuseDeep(markdown: string, path: string, above = 0): void {
  let open: string | undefined, marks = 0;
  // A carriage return alone ends a line for who reads Markdown, and none for an editor that counts them.
  const lines = markdown.split("\n").flatMap((line, at) =>
    line.split("\r").map((part) => [at, part] as const)
  );
  for (const [at, line] of lines) {
    if (open) {
      if (closes(line, open)) open = undefined;
      continue;
    }
    open = line.trimEnd().match(opening)?.[2];
    if (open) continue;
    const [found = ""] = line.match(markers) ?? [];
    const depth = found.replaceAll(/\d+|[ \t]/g, "").length, blanks = found.search(/\S/);
    // The row of a table is read by itself.
    marks = (/^\s*(?:\||$)/.test(line) ? 0 : marks) + line.replaceAll(/[^*_~<[&!`]/g, "").length;
    const place = { path, line: at + 1 + above };
    if (depth > DEEPEST || blanks > WIDEST) {
      const remedy = `At most ${DEEPEST} in each other`;
      throw new Problem("quotes or lists are nested too deep here", { ...place, remedy });
    }
    if (marks > MOST) {
      const remedy = "Leave a blank line between two paragraphs";
      throw new Problem(`a paragraph has more than ${MOST} marks of Markdown`, {
        ...place,
        remedy,
      });
    }
  }
}
