// What the prose says and a program knows: numbers that a cell computes, `[3 of 20](#count:lost-write.lost)`, and the kernels
// on which a scene was seen, `[6.18.44](#seen:pin-shared)`, which records.ts has from their records.

import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import type { Block, Body } from "./body.ts";
import {
  cellName,
  cellsOf,
  type Chapter,
  type Edit,
  type Finding,
  linesOf,
  print,
} from "./chapter.ts";
import { type CellResult, type Count, countText } from "./harness.ts";

/** Who knows what the links to `#mark:NAME` should say. */
export interface Source {
  /** `#count:` */
  mark: string;
  /** What is written when they are mended, and where: `number`, `a number in the prose`. */
  what: string;
  place: string;
  /** What a link to this name says; undefined leaves it alone. */
  textOf(name: string): string | undefined;
  /** What is wrong with one that says something else. */
  wrong(name: string, text: string, now: string): string;
}

/** What begins a link to a number. */
export const COUNT = "#count:";

/** The numbers that the cells of a chapter counted. */
export function counted(chapter: Chapter, results: readonly CellResult[]): Source {
  const counts = countsOf(chapter, results);
  return {
    ...{ mark: COUNT, what: "number", place: "a number in the prose" },
    textOf: (name) => {
      const count = counts.get(name);
      return count && countText(count);
    },
    wrong: (name, text, now) => `the text says ${text}, \`${name}\` is ${now}`,
  };
}

/** What the cells of a chapter counted, by `CELL-ID.NAME`. */
function countsOf(chapter: Chapter, results: readonly CellResult[]): Map<string, Count> {
  const cells = cellsOf(chapter);
  return new Map(results.flatMap(({ index, counts = {} }) => {
    const id = cells[index]?.marks.id;
    if (!id) return [];
    return Object.entries(counts).map(([name, count]): [string, Count] => [`${id}.${name}`, count]);
  }));
}

/** Each link whose text is not what its source says. Those of a paragraph are mended by one edit. */
export function staleFigures(
  { chapter, blocks }: Body,
  sources: readonly Source[],
): Finding[] {
  const { path, slug } = chapter, lines = linesOf(print(chapter));
  return blocks.flatMap((block) => {
    const stale = block.links.flatMap((link) => {
      const source = sources.find(({ mark }) => link.href.startsWith(mark));
      if (!source) return [];
      const name = link.href.slice(source.mark.length), now = source.textOf(name);
      return now === undefined || now === link.text ? [] : [{ link, source, name, now }];
    });
    const edit = editOf(lines, block, stale);
    return stale.map(({ link: { text, line }, source, name, now }) => ({
      problem: new Problem(source.wrong(name, text, now), {
        path,
        line,
        remedy:
          `Run \`deno task chapter ${slug} --accept\`, and read whether the sentence still holds`,
      }),
      told: { what: source.what, place: source.place, line, before: text, after: now },
      ...edit && { edit },
    }));
  });
}

/** Rewrites links of a paragraph; undefined where none of them is found. */
function editOf(
  lines: readonly string[],
  block: Block,
  stale: readonly { link: Block["links"][number]; now: string }[],
): Edit | undefined {
  const count = block.text.split("\n").length, from = block.line - 1;
  const before = lines.slice(from, from + count).join("");
  let text = before;
  // From the last to the first, so that each still begins at its line.
  for (const { link: { raw, href, line }, now } of stale.toReversed()) {
    const own = linesOf(text), head = own.splice(0, line - block.line).join("");
    // A link that was broken over two lines of a quote is not found again: the check goes on naming it.
    const written = new RegExp(RegExp.escape(raw).replaceAll("\\n", "\\r?\\n"));
    text = head + own.join("").replace(written, () => `[${now}](${href})`);
  }
  return text === before ? undefined : { line: block.line, count, text };
}

/** Each number in the prose that no cell counts, and each count that has no id. */
export function countProblems(body: Body, results: readonly CellResult[]): Problem[] {
  const { chapter } = body, { path } = chapter;
  const names = [...countsOf(chapter, results).keys()];
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
  const remedy = (name: string) =>
    names.length > 0
      ? didYouMean(name, names, (near) => `\`${COUNT}${near}\``)
      : 'A cell counts by `count("lost", 3, 20)`, and the link says `#count:CELL-ID.lost`';
  return [...nameless, ...ended ? unknownNames(body, COUNT, names, "no cell counts", remedy) : []];
}

/** Each link to `#mark:NAME` whose name there is not. */
export function unknownNames(
  { chapter: { path }, blocks }: Body,
  mark: string,
  names: readonly string[],
  what: string,
  remedy: (name: string) => string,
): Problem[] {
  return blocks.flatMap(({ links }) => links).flatMap(({ href, line }) => {
    const name = href.slice(mark.length);
    if (!href.startsWith(mark) || names.includes(name)) return [];
    return [new Problem(`${what} \`${name}\``, { path, line, remedy: remedy(name) })];
  });
}
