// How much a reader can take at once: the length of a cell, of the prose between two of them, and of a chapter.

import { Problem } from "../tool/problem.ts";
import { type Block, type Body, CODE } from "./body.ts";
import { cellName, cellsOf, type Chapter, linesOf } from "./chapter.ts";

/** More lines than `short` are advised against, more than `long` are refused. */
const cell = { short: 14, long: 20 };
/** Words of prose without a cell, a picture or a question. */
const breath = 250;
/** Words of a chapter: prose and headings, without code, tables and sources. */
const whole = { least: 2_000, most: 4_000 };

/** The words of a block; a code span is one. */
function wordsIn({ text }: Block): number {
  return text.match(new RegExp(`[\\p{L}\\p{N}${CODE}]\\S*`, "gu"))?.length ?? 0;
}

/** How many words of prose a chapter has. */
export function wordCount({ blocks }: Body): number {
  return proseOf(blocks).reduce((sum, block) => sum + wordsIn(block), 0);
}

/** Words that point instead of naming; in ordinary English three in a hundred. */
const POINTING = /(?<![\p{L}\p{N}-])(?:it|this|that|these|those)(?![\p{L}\p{N}-])/giu;

/** What `--claims` says of a chapter's words: how many there are, and how many in a hundred point. */
export function wordLine(body: Body): string {
  const words = wordCount(body);
  const pointing = proseOf(body.blocks).reduce(
    (sum, { text }) => sum + (text.match(POINTING)?.length ?? 0),
    0,
  );
  const share = words === 0 ? 0 : 100 * pointing / words;
  return `${body.chapter.path}: ${words.toLocaleString("en")} words of prose, ` +
    `${share.toFixed(1)} in a hundred are it, this, that, these, those`;
}

function proseOf(blocks: readonly Block[]): Block[] {
  return blocks.filter(({ kind, sources }) => kind !== "row" && !sources);
}

/** Each cell that has more than `from` and at most `to` lines: where it is, and what to say of it. */
function longCells(chapter: Chapter, from: number, to: number): [place: number, what: string][] {
  return cellsOf(chapter).flatMap((one) => {
    const lines = linesOf(one.code).length;
    return lines > from && lines <= to ? [[one.line, `${cellName(one)} has ${lines} lines`]] : [];
  });
}

/** What is too long or too short in a chapter. */
export function limitProblems(body: Body): Problem[] {
  const { chapter } = body;
  const { path } = chapter;
  const cells = longCells(chapter, cell.long, Infinity).map(([line, what]) =>
    new Problem(what, {
      path,
      line,
      remedy: `It has at most ${cell.long}: divide it, with a sentence between the parts`,
    })
  );
  const words = wordCount(body);
  const length = words >= whole.least && words <= whole.most ? [] : [
    new Problem(`the chapter has ${words} words`, {
      path,
      line: linesOf(chapter.head).length + 1,
      remedy: `It has from ${whole.least.toLocaleString("en")} to ${
        whole.most.toLocaleString("en")
      }, code, tables and sources not counted`,
    }),
  ];
  return [...length, ...cells, ...longProse(body)];
}

/** What an author is told and not held to, a line each: cells that a reader does not see at a glance. */
export function limitAdvice({ chapter }: Body): string[] {
  return longCells(chapter, cell.short, cell.long).map(([line, what]) =>
    `${chapter.path}:${line}: advice: ${what}; up to ${cell.short} are read at a glance`
  );
}

/** Each stretch of prose that is too long, at its first line. */
function longProse({ chapter, blocks }: Body): Problem[] {
  const stops = chapter.segments.filter(({ kind }) => kind === "cell" || kind === "predict")
    .map(({ line }) => line);
  const stretches: { line: number; words: number }[] = [];
  let stop = 0;
  for (const block of blocks) {
    if (block.sources) continue;
    const before = stops.filter((line) => line < block.line).length;
    if (stretches.length === 0 || before !== stop) stretches.push({ line: block.line, words: 0 });
    stop = before;
    stretches.at(-1)!.words += wordsIn(block);
    if (block.picture) stop = -1;
  }
  return stretches.filter(({ words }) => words > breath).map(({ line, words }) =>
    new Problem(`here are ${words} words without a cell, a picture or a question`, {
      path: chapter.path,
      line,
      remedy: `After at most ${breath} let the reader see or do something`,
    })
  );
}
