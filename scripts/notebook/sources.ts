// What a paragraph claims about Linux, its releases, its dates and its people, has a source in that paragraph; and every
// source that a chapter cites is in the ledger, and defined at the chapter's end with the ledger's link.
//
// Found are releases (2.6.16, v5.9-rc1, 4.x), years with or without a date, and the last names of those whom the ledger
// names. Code spans, headings and the sources themselves are left out, and so is a number with a unit.

import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import { plural } from "../tool/text.ts";
import { type Block, type Body, lineIn, SEEN } from "./body.ts";
import { example, type Ledger, ledgerPath } from "./ledger.ts";

/** A use of an id in a chapter's prose; `found` says whether Markdown finds its definition. */
interface Use {
  id: string;
  line: number;
  found: boolean;
}

/** What is wrong with the sources of one chapter; without a ledger, that there is none. */
export function sourceProblems(body: Body, ledger: Ledger | undefined): Problem[] {
  const { chapter: { path }, definitions } = body;
  const uses = usesIn(body, ledger);
  if (!ledger) {
    if (uses.length === 0 && definitions.length === 0) return [];
    const count = new Set([...uses, ...definitions].map(({ id }) => id)).size;
    return [
      new Problem(
        `${count === 1 ? "a source is" : `${count} sources are`} cited, and there is no ledger`,
        {
          path,
          line: (uses[0] ?? definitions[0])!.line,
          remedy: `Write ${ledgerPath}, with an entry for each:\n${example}`,
        },
      ),
    ];
  }
  const known = [...ledger.entries.keys()];
  const missing = new Map(
    uses.filter(({ id }) => !ledger.entries.has(id)).map((use) => [use.id, use]),
  );
  return [
    ...[...missing.values()].map(({ id, line }) =>
      new Problem(`\`${id}\` is not in the ledger`, {
        path,
        line,
        remedy: didYouMean(id, known, (near) => `\`${near}\``, `Add it to ${ledgerPath}`),
      })
    ),
    ...undefinedIn(uses, ledger, path),
    ...definitions.flatMap((definition) => definitionProblems(definition, body, ledger, uses)),
    ...titleProblems(body, ledger),
  ];
}

/** The entries that none of the chapters cites. */
export function unusedEntries(bodies: readonly Body[], ledger: Ledger | undefined): Problem[] {
  if (!ledger) return [];
  const used = new Set(bodies.flatMap((body) => usesIn(body, ledger).map(({ id }) => id)));
  return [...ledger.entries.values()].filter(({ id }) => !used.has(id)).map(({ id, line }) =>
    new Problem(`no chapter cites \`${id}\``, {
      path: ledgerPath,
      line,
      remedy: "Cite it where it is the source, or take it away",
    })
  );
}

/** Each title that is printed under the Sources and is not the ledger's; a source may stand there without one. */
function titleProblems({ chapter: { path }, blocks }: Body, { entries }: Ledger): Problem[] {
  return blocks.flatMap(({ sources, links: [link], text, line }) => {
    const entry = sources ? entries.get(link?.id ?? "") : undefined;
    const printed = text.replace(/\s+/g, " ").match(/".*/)?.[0];
    if (!entry || !printed || printed.startsWith(`"${entry.title}"`)) return [];
    return [
      new Problem(`the title of \`${entry.id}\` is not the ledger's`, {
        path,
        line,
        remedy: `ledger: "${entry.title}"`,
      }),
    ];
  });
}

/** The reference links above the Sources, and what was meant as one and has no definition. */
function usesIn({ blocks }: Body, ledger: Ledger | undefined): Use[] {
  return blocks.filter(({ sources }) => !sources).flatMap(({ line, text, links }) => {
    const lineAt = (at: number) => lineIn({ line, text }, at);
    const found = links.flatMap(({ id, line }) =>
      id === undefined ? [] : [{ id, line, found: true }]
    );
    const full = [...text.matchAll(/\]\[([^\][\n]+)\]/g)].map(({ 1: id, index }) => ({
      id,
      index,
    }));
    const short = [...text.matchAll(/(?<!\])\[([^\][\n]+)\](?!\[)/g)]
      .filter(({ 1: id }) => ledger?.entries.has(id!.toLowerCase()))
      .map(({ 1: id, index }) => ({ id, index }));
    const lost = [...full, ...short].map(({ id, index }) => ({
      id: id!.toLowerCase(),
      line: lineAt(index),
      found: false,
    }));
    return [...found, ...lost];
  });
}

function undefinedIn(uses: readonly Use[], ledger: Ledger, path: string): Problem[] {
  const lost = uses.filter(({ id, found }) => !found && ledger.entries.has(id));
  return [...new Map(lost.map((use) => [use.id, use])).values()].map(({ id, line }) =>
    new Problem(`\`${id}\` is not defined in this chapter`, {
      path,
      line,
      remedy: `Add a line at its end: [${id}]: ${ledger.entries.get(id)!.link}`,
    })
  );
}

function definitionProblems(
  { id, href, line, sources }: Body["definitions"][number],
  { chapter: { path }, definitions }: Body,
  { entries }: Ledger,
  uses: readonly Use[],
): Problem[] {
  const entry = entries.get(id);
  const found: [message: string, remedy: string][] = [];
  if (!sources) {
    found.push([
      `\`${id}\` is defined before the sources`,
      'Definitions stand at the chapter\'s end, under "## Sources"',
    ]);
  }
  if (entry && entry.link !== href) {
    found.push([
      `\`${id}\` leads somewhere else than the ledger says`,
      `here:   ${href}\nledger: ${entry.link}`,
    ]);
  }
  if (!uses.some((use) => use.id === id)) {
    found.push([`nothing above the sources cites \`${id}\``, "Cite it, or take it away"]);
  }
  if (definitions.find((one) => one.id === id)!.line !== line) {
    found.push([`\`${id}\` is defined twice`, "Keep one"]);
  }
  return found.map(([message, remedy]) => new Problem(message, { path, line, remedy }));
}

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
  return blocks.filter(({ kind, sources }) => kind !== "heading" && !sources).flatMap((block) => {
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
