// Every source that a chapter cites is in the ledger, and defined at the chapter's end with the ledger's link.

import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import type { Body } from "./body.ts";
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

/** The reference links above the Sources, and what was meant as one and has no definition. */
function usesIn({ blocks }: Body, ledger: Ledger | undefined): Use[] {
  return blocks.filter(({ sources }) => !sources).flatMap(({ line, text, links }) => {
    const lineAt = (at: number) => line + text.slice(0, at).split("\n").length - 1;
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
