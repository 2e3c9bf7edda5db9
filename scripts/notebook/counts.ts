// Numbers in the prose that a cell computes: `[3 of 20](#count:lost-write.lost)`.

import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import { type Body, bodyOf, type Link } from "./body.ts";
import { type CellResult, type Count, countText } from "./harness.ts";
import { cellName, cellsOf, type Chapter, linesOf, parse, print } from "./markdown.ts";

const mark = "#count:";

/** What the cells of a chapter counted, by `CELL-ID.NAME`. */
function countsOf(chapter: Chapter, results: readonly CellResult[]): Map<string, Count> {
  const cells = cellsOf(chapter);
  return new Map(results.flatMap(({ index, counts = {} }) => {
    const id = cells[index]?.marks.id;
    if (!id) return [];
    return Object.entries(counts).map(([name, count]): [string, Count] => [`${id}.${name}`, count]);
  }));
}

/** The links of a chapter to `#mark:NAME`. */
export function linksTo({ blocks }: Body, mark: string): Link[] {
  return blocks.flatMap(({ links }) => links.filter(({ href }) => href.startsWith(mark)));
}

/** Each number in the prose that no cell counts or that a cell counts otherwise, and each count that has no id. */
export function countProblems(body: Body, results: readonly CellResult[]): Problem[] {
  const { chapter } = body;
  const { path } = chapter;
  const counts = countsOf(chapter, results);
  const nameless = cellsOf(chapter).filter(({ index, marks }) =>
    !marks.id && results.some((result) => result.index === index && result.counts)
  ).map((cell) =>
    new Problem(`${cellName(cell)} counts and has no id`, {
      path,
      line: cell.line,
      remedy: "Give it one, ```ts id=lost-write: the prose names a count by it",
    })
  );
  // A cell that did not come to its end may not have counted yet: what stopped it is told instead.
  const ended = cellsOf(chapter).every(({ index, marks }) =>
    marks.ignore || results.some((result) => result.index === index && !result.error)
  );
  const wrong = linksTo(body, mark).flatMap(({ href, text, line }) => {
    const name = href.slice(mark.length);
    const count = counts.get(name);
    if (!count) {
      if (!ended) return [];
      const names = [...counts.keys()];
      const remedy = names.length > 0
        ? didYouMean(name, names, (near) => `\`${mark}${near}\``)
        : 'A cell counts by `count("lost", 3, 20)`, and the link says `#count:CELL-ID.lost`';
      return [new Problem(`no cell counts \`${name}\``, { path, line, remedy })];
    }
    if (text === countText(count)) return [];
    return [
      new Problem(`the text says ${text}, \`${name}\` is ${countText(count)}`, {
        path,
        line,
        remedy:
          `Run \`deno task chapter ${chapter.slug} --accept\`, and read whether the sentence still holds`,
      }),
    ];
  });
  return [...nameless, ...wrong];
}

/** A number in the prose that was rewritten. */
export interface Rewritten {
  line: number;
  before: string;
  after: string;
}

/** The chapter with the numbers that its cells counted, and which of them are new; all else stays byte for byte. */
export function withCounts(
  chapter: Chapter,
  results: readonly CellResult[],
): { chapter: Chapter; rewritten: Rewritten[] } {
  const counts = countsOf(chapter, results);
  return withLinkTexts(chapter, mark, (name) => {
    const count = counts.get(name);
    return count && countText(count);
  });
}

/**
 * The chapter with the texts that its links to `#mark:NAME` should have.
 *
 * @param textOf the text for a name; undefined leaves a link alone
 */
export function withLinkTexts(
  chapter: Chapter,
  mark: string,
  textOf: (name: string) => string | undefined,
): { chapter: Chapter; rewritten: Rewritten[] } {
  if (!print(chapter).includes(mark)) return { chapter, rewritten: [] };
  const lines = linesOf(print(chapter));
  const rewritten: Rewritten[] = [];
  for (const { href, text, line, raw } of linksTo(bodyOf(chapter), mark)) {
    const after = textOf(href.slice(mark.length));
    if (after === undefined || after === text) continue;
    // A link that was broken over two lines of a quote is not found again: the check goes on naming it.
    const rest = lines.splice(line - 1).join("");
    const written = rest.replace(
      new RegExp(RegExp.escape(raw).replaceAll("\\n", "\\r?\\n")),
      () => `[${after}](${href})`,
    );
    lines.push(...linesOf(written));
    if (written !== rest) rewritten.push({ line, before: text, after });
  }
  return { chapter: parse(lines.join(""), chapter.path), rewritten };
}
