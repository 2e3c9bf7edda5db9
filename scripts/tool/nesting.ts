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
const fence = /^[ >\t]{0,40}(`{3,}|~{3,})/;

/**
 * Refuses Markdown whose quotes or lists are too deep, or whose paragraphs have too many marks.
 *
 * @param above how many lines of the file stand above the text
 * @throws Problem at the line
 */
export function refuseDeep(markdown: string, path: string, above = 0): void {
  let open: string | undefined, marks = 0;
  for (const [at, line] of markdown.split("\n").entries()) {
    const [, mark] = line.match(fence) ?? [];
    if (mark && (!open || mark.startsWith(open))) open = open ? undefined : mark;
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
