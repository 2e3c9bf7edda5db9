// What a paragraph claims about Linux, its releases, its dates and its people, has a source in that paragraph.
//
// Found are releases (2.6.16, v5.9-rc1, 4.x), years with or without a date, and the last names of those whom the ledger
// names. Code spans, headings and the sources themselves are left out, and so is a number with a unit.

import { Problem } from "../tool/problem.ts";
import { plural } from "../tool/text.ts";
import { type Block, type Body, lineIn, SEEN } from "./body.ts";

/** A paragraph, a list's item or a table's row that needs a source. */
export interface Claim {
  /** Of what it names. */
  line: number;
  /** The first thing in it that nobody should have to believe. */
  names: string;
  sourced: boolean;
}

const units = String.raw`(?:\s?[–-]\s?[\d.]+)?\s?(?:%|percent\b|times\b|×|` +
  String
    .raw`(?:[KMGT]i?B|kB|bytes?|bits?|[mµn]?s|seconds?|minutes?|hours?|days?|[kMG]?Hz|[mb]illion)\b)`;
const release =
  String.raw`(?<![\w.,§/-]|\b[Ss]ection )v?[2-7]\.(?:\d{1,2}|x)(?:\.(?:\d{1,3}|x)){0,2}` +
  String.raw`(?:-rc\d+)?(?!\w|[.,]\d|${units})`;
const months =
  "January February March April May June July August September October November December"
    .split(" ").map((name) => `${name}|${name.slice(0, 3)}\\.?`).join("|");
const year = String.raw`(?<![\w.,/-])(?:(?:\d{1,2}\s+)?(?:${months})\s+(?:\d{1,2},\s+)?)?` +
  String.raw`(?:19[6-9]\d|20[0-3]\d)(?:-\d\d){0,2}(?!\w|[.,]\d|${units})`;

/** Every paragraph of a chapter that needs a source. `people` are last names. */
export function claimsOf({ blocks }: Body, people: readonly string[]): Claim[] {
  const names = people.map((name) => RegExp.escape(name)).join("|");
  const person = names ? `|(?<![\\p{L}\\p{N}_-])(?:${names})(?![\\p{L}\\p{N}_-])` : "";
  const claim = new RegExp(`${release}|${year}${person}`, "u");
  return blocks.filter(({ kind, sources }) => kind === "text" && !sources).flatMap((block) => {
    const found = block.text.match(claim);
    if (!found) return [];
    return [{
      line: lineIn(block, found.index!),
      names: found[0].replace(/\s+/g, " "),
      sourced: hasSource(block),
    }];
  });
}

/** Does a paragraph cite a source, or the records of real kernels? */
export function hasSource({ links }: Block): boolean {
  return links.some(({ id, href }) => id !== undefined || href.startsWith(SEEN));
}

/** The paragraphs of a chapter that need a source and have none. */
export function claimProblems(body: Body, people: readonly string[]): Problem[] {
  return claimsOf(body, people).filter(({ sourced }) => !sourced).map(({ line, names }) =>
    new Problem(`this paragraph names ${names} and has no source`, {
      path: body.chapter.path,
      line,
      remedy: "Cite one, [words][id], with an id of chapters/ledger.yaml",
    })
  );
}

/** What `--claims` says of a chapter: how many paragraphs need a source, how many have one, and which do not. */
export function claimLines(body: Body, people: readonly string[]): string[] {
  const { chapter: { path } } = body;
  const claims = claimsOf(body, people);
  const bare = claims.filter(({ sourced }) => !sourced);
  const count = claims.length;
  const having = count - bare.length;
  const percent = count === 0 ? 100 : Math.floor(100 * having / count);
  return [
    `${path}: ${plural(count, "paragraph")} need${count === 1 ? "s" : ""} a source, ` +
    `${having} ${having === 1 ? "has" : "have"} one: ${percent} %`,
    ...bare.map(({ line, names }) => `  ${path}:${line}: ${names}`),
  ];
}
