// What stands between quotation marks was written so: chapters/quotes.yaml has the words, letter for letter, under the id of
// their source in the ledger. Held against it are the chapters, their questions included, the briefs of katas, and the
// ledger's own notes; the title of a source may be quoted without standing there. A part of what stands there will do.

import { type Block, blocksIn, type Body, CODE, lineIn } from "./body.ts";
import { type Ledger, ledgerPath } from "./ledger.ts";
import { readText } from "./files.ts";
import { unlessMissing } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";
import { lineOfKey, linesOfItems, readYaml } from "../tool/yaml.ts";

export const quotesPath = "chapters/quotes.yaml";

/** Short quotations by the id of their source, and what is wrong with the others. */
export interface Quotes {
  byId: Map<string, string[]>;
  /** The lines of these, in their order. */
  lines: Map<string, number[]>;
  problems: Problem[];
}

/** Words between quotation marks, in one line, and where they stand. */
export interface Quotation {
  path: string;
  line: number;
  words: string;
}

/** The quotations of the course; none where there is no file of them. */
export async function readQuotes(ledger: Ledger): Promise<Quotes> {
  return parseQuotes(await unlessMissing(readText(quotesPath)) ?? "", ledger);
}

/** Reads a file of quotations: `id:`, and a list. */
export function parseQuotes(source: string, { entries }: Ledger): Quotes {
  const byId = new Map<string, string[]>(), lines = new Map<string, number[]>();
  const problems: Problem[] = [];
  for (
    const [id, list] of Object.entries(
      readYaml(source, { what: "the file of quotations", path: quotesPath }),
    )
  ) {
    const line = lineOfKey(source, id) || 1;
    const refuse = (message: string, remedy: string) =>
      problems.push(new Problem(message, { path: quotesPath, line, remedy }));
    if (!entries.has(id)) refuse(`\`${id}\` is not in the ledger`, `Add it to ${ledgerPath}`);
    else if (!Array.isArray(list) || !list.every((one) => typeof one === "string")) {
      refuse(
        `the quotations of \`${id}\` are no list of texts`,
        "Each is a line `  - …`, in quotes where YAML wants them",
      );
    } else {
      byId.set(id, list.map(oneLine));
      lines.set(id, linesOfItems(source, id, list.length));
    }
  }
  return { byId, lines, problems };
}

/** The quotations in a chapter, above its sources. */
export function quotationsOf(body: Body): Quotation[] {
  const { path } = body.chapter;
  const asked = body.chapter.segments.flatMap((segment) => {
    if (segment.kind !== "predict") return [];
    const text = [segment.question, ...segment.choices.map(({ text }) => text)].join("\n\n");
    return blocksIn(text, segment.line).map((block) => ({ ...block, line: segment.line }));
  });
  return [...body.blocks.filter(({ sources }) => !sources), ...asked].flatMap((block) =>
    quotedIn(block, path)
  );
}

/** The quotations in a brief, or in another piece of Markdown. */
export function quotationsIn(markdown: string, path: string): Quotation[] {
  return blocksIn(markdown, 1).flatMap((block) => quotedIn(block, path));
}

/** The quotations in the ledger's notes. */
export function quotationsOfNotes({ entries }: Ledger): Quotation[] {
  return [...entries.values()].flatMap(({ note = "", line }) =>
    [...note.matchAll(/"([^"]*)"/g)].map(([, words]) => ({
      path: ledgerPath,
      line,
      words: oneLine(words!),
    }))
  );
}

function quotedIn(block: Block, path: string): Quotation[] {
  const code = block.code.values();
  // A code span inside of a quotation is what was quoted; outside it may hold quotation marks of its own.
  return [...block.text.matchAll(new RegExp(`"([^"]*)"|${CODE}`, "g"))].flatMap(
    ({ 0: found, 1: words, index }) => {
      if (words === undefined) return code.next(), [];
      const text = words.replaceAll(CODE, () => code.next().value ?? "");
      return [{ path, line: lineIn(block, index + found.indexOf(words)), words: oneLine(text) }];
    },
  );
}

/** Each quotation that nobody is known to have written. */
export function quotationProblems(
  found: readonly Quotation[],
  { byId }: Quotes,
  { entries }: Ledger,
): Problem[] {
  const known = [...[...byId.values()].flat(), ...[...entries.values()].map(({ title }) => title)];
  return found.filter(({ words }) => !known.some((text) => has(text, words))).map((
    { path, line, words },
  ) =>
    new Problem(`nobody is known to have written "${words}"`, {
      path,
      line,
      remedy: `Add it to ${quotesPath}, letter for letter, under the id of its source; ` +
        "or, if nobody wrote it, do without quotation marks",
    })
  );
}

/** The quotations that nothing quotes. */
export function unusedQuotes(
  found: readonly Quotation[],
  { byId, lines }: Quotes,
): Problem[] {
  return [...byId].flatMap(([id, list]) =>
    list.flatMap((text, at) =>
      found.some(({ words }) => has(text, words)) ? [] : [
        new Problem(`nothing quotes "${text}", of \`${id}\``, {
          path: quotesPath,
          line: lines.get(id)![at]!,
          remedy: "Take it away",
        }),
      ]
    )
  );
}

/** Are these words, whole words, a part of the text? A single one must be all of it: it would be found anywhere. */
function has(text: string, words: string): boolean {
  if (!words.includes(" ")) return text === words;
  return words !== "" &&
    new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(words)}(?![\\p{L}\\p{N}])`, "u").test(text);
}

/** Text in one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
