// Terms: a word or three in single emphasis, _page fault_, introduce a term, once in the course and before it is used.
//
// Looked for are whole words in any case, with a plural in s or es, in prose, headings, links and the front matter;
// code and the sources are not read.

import { Problem } from "../tool/problem.ts";
import { type Body, lineIn } from "./body.ts";
import { linesOf } from "./chapter.ts";

/** Where something stands. */
export interface Spot {
  path: string;
  line: number;
}

/** A term, where it is introduced, and where else it is said first. */
export interface Term {
  name: string;
  introduced: Spot;
  /** Where it is introduced once more. */
  again: Spot[];
  /** The first use that is not an introduction; it may stand before that. */
  used?: Spot & { early: boolean };
}

/** A piece of text and where it stands; `order` runs through the whole course. */
interface Piece {
  path: string;
  text: string;
  lineAt(at: number): number;
  stressed: readonly { text: string; at: number }[];
}

const shape = /^[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*(?:\s+[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*){0,2}$/u;

/** The terms of all chapters, in the order in which they are introduced. */
export function termsOf(bodies: readonly Body[]): Term[] {
  const pieces = bodies.flatMap((body) => [...frontOf(body), ...blocksOf(body)]);
  const found = new Map<string, { term: Term; piece: number; at: number; words: RegExp }>();
  for (const [index, { path, lineAt, stressed }] of pieces.entries()) {
    for (const { text, at } of stressed) {
      if (!shape.test(text)) continue;
      const name = text.toLowerCase().replace(/\s+/g, " ");
      const introduced = { path, line: lineAt(at) };
      const known = [...found.values()].find(({ words }) => isWhole(name, words));
      if (known) known.term.again.push(introduced);
      else {
        const term = { name, introduced, again: [] };
        found.set(name, { term, piece: index, at, words: wordsOf(name) });
      }
    }
  }
  return [...found.values()].map(({ term, piece, at, words }) => {
    for (const [index, { path, text, lineAt, stressed }] of pieces.entries()) {
      const introductions = stressed.filter((one) => isWhole(one.text, words));
      const use = [...text.matchAll(words)].find((match) =>
        introductions.every((one) =>
          match.index < one.at || match.index >= one.at + one.text.length
        )
      );
      if (!use) continue;
      const early = index < piece || index === piece && use.index < at;
      return { ...term, used: { path, line: lineAt(use.index), early } };
    }
    return term;
  });
}

/** Each term that is used before it is introduced, or introduced a second time. */
export function termProblems(terms: readonly Term[]): Problem[] {
  const at = ({ path, line }: Spot) => `${path}:${line}`;
  return terms.flatMap(({ name, introduced, again, used }) => [
    ...again.map(({ path, line }) =>
      new Problem(`_${name}_ is introduced a second time`, {
        path,
        line,
        remedy: `First at ${at(introduced)}\n` +
          `Single emphasis introduces a term; for stress write **${name}**`,
      })
    ),
    ...used?.early
      ? [
        new Problem(`_${name}_ is used before it is introduced`, {
          path: used.path,
          line: used.line,
          remedy: `It is introduced at ${at(introduced)}: do it here, or say it in other words\n` +
            `If that is stress and no term, write **${name}** there`,
        }),
      ]
      : [],
  ]);
}

/** What `--terms` prints: each term, where it is introduced, and where it is first used. */
export function termLines(terms: readonly Term[]): string[] {
  const at = ({ path, line }: Spot) => `${path}:${line}`;
  const widest = (texts: string[]) => Math.max(0, ...texts.map(({ length }) => length));
  const names = widest(terms.map(({ name }) => name));
  const places = widest(terms.map(({ introduced }) => at(introduced)));
  return terms.map(({ name, introduced, used }) =>
    `${name.padEnd(names)}  ${at(introduced).padEnd(places)}  ` +
    (used ? `first used ${at(used)}` : "not used again")
  );
}

function wordsOf(name: string): RegExp {
  const words = name.split(" ").map((word) => RegExp.escape(word)).join("\\s+");
  const plural = /[^aeiou]y$/.test(name) ? `${words.slice(0, -1)}(?:y|ies)` : `${words}(?:e?s)?`;
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${plural}(?![\\p{L}\\p{N}_-])`, "giu");
}

const isWhole = (text: string, words: RegExp): boolean => text.match(words)?.[0] === text;

/** The fields of the front matter that a reader reads. */
function frontOf({ chapter: { path, front, head } }: Body): Piece[] {
  const lines = linesOf(head);
  return (["title", "question"] as const).map((field) => {
    const line = lines.findIndex((text) => text.startsWith(field)) + 1;
    return { path, text: front[field], lineAt: () => line, stressed: [] };
  });
}

function blocksOf({ chapter: { path }, blocks }: Body): Piece[] {
  return blocks.filter(({ sources }) => !sources).map((block) => ({
    path,
    text: block.text,
    lineAt: (at) => lineIn(block, at),
    stressed: block.stressed,
  }));
}
