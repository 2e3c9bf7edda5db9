// The ledger: chapters/ledger.yaml, every source that the chapters cite, by its id.

import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import { lineOfKey, readYaml } from "../tool/yaml.ts";
import { readText } from "./files.ts";

export const ledgerPath = "chapters/ledger.yaml";

/** What a source is: a commit, a message on a list, a file at a version, a page, or something that was measured. */
export const kinds = ["commit", "message", "file", "page", "measured"] as const;

/** A source. */
export interface Entry {
  id: string;
  /** Of its id in the ledger. */
  line: number;
  kind: typeof kinds[number];
  title: string;
  /** One person, or several with commas or "and" between. */
  who?: string;
  /** 2005-07-26, 2005-07 or 2005. */
  date?: string;
  /** 2.6.16; an entry has a date or a release, or both. */
  release?: string;
  /** An address, or a path from chapters/. */
  link: string;
  note?: string;
}

/** The entries that can be used, by id, and what is wrong with the others. */
export interface Ledger {
  entries: Map<string, Entry>;
  problems: Problem[];
}

const required = ["kind", "title", "link"];
const fields = [...required, "who", "date", "release", "note"];
const DATE = /^(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/;

/** An example, for remedies. */
export const example = `mst-2005-07-26:
  kind: message
  title: "[PATCH] PROT_DONTCOPY: ifiniband uverbs fork support"
  who: Michael S. Tsirkin
  date: 2005-07-26
  link: https://…`;

/** The ledger, or undefined where there is none. */
export async function readLedger(): Promise<Ledger | undefined> {
  try {
    return parseLedger(await readText(ledgerPath));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Reads a ledger; an entry that is not complete is named, and is no source. */
export function parseLedger(source: string): Ledger {
  const entries = new Map<string, Entry>();
  const problems: Problem[] = [];
  for (
    const [id, value] of Object.entries(readYaml(source, { what: "the ledger", path: ledgerPath }))
  ) {
    const line = lineOfKey(source, id);
    const wrong: Wrong | undefined = line === 0
      ? [`YAML reads an id as \`${id}\``, "It looks like a number: put it in quotes"]
      : wrongIn(id, value);
    if (wrong) {
      const [message, remedy] = wrong;
      problems.push(new Problem(message, { path: ledgerPath, line: line || 1, remedy }));
    } else entries.set(id, { id, line, ...texts(value as object) } as Entry);
  }
  return { entries, problems };
}

type Wrong = [message: string, remedy: string];

/** Why a value is no entry, and what to do; undefined if it is one. */
function wrongIn(id: string, value: unknown): Wrong | undefined {
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(id)) {
    return [
      `\`${id}\` is not an id`,
      "An id has small letters, digits, hyphens and dots: mst-2005-07-26",
    ];
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`the entry \`${id}\` has no fields`, `An entry looks like this:\n${example}`];
  }
  const entry = texts(value);
  for (const name of Object.keys(entry)) {
    if (fields.includes(name)) continue;
    return [`\`${id}\` has a field \`${name}\``, didYouMean(name, fields)];
  }
  const missing = required.find((name) => !entry[name]?.trim());
  if (missing) return [`\`${id}\` has no \`${missing}\``, `An entry looks like this:\n${example}`];
  const { kind = "", link = "" } = entry;
  if (!(kinds as readonly string[]).includes(kind)) {
    return [`\`${id}\` is of the kind \`${kind}\``, didYouMean(kind, kinds)];
  }
  if (typeof (value as { release?: unknown }).release === "number") {
    return [
      `the release of \`${id}\` is a number`,
      'Put it in quotes, `release: "5.10"`: YAML takes 5.10 for 5.1',
    ];
  }
  const other = Object.entries(value).find(([name, field]) =>
    field !== null && typeof field !== "string" && !(name === "date" && typeof field === "number")
  );
  if (other) {
    const [name] = other;
    return [`the ${name} of \`${id}\` is no text`, `Put it in quotes: \`${name}: "…"\``];
  }
  // A web page may not say when it was written; what it says is cited all the same.
  if (!entry.date && !entry.release && entry.kind !== "page") {
    return [`\`${id}\` has neither a date nor a release`, "Such as `date: 2005-07-26`"];
  }
  if (entry.date && !isDate(entry.date)) {
    return [`the date of \`${id}\` is \`${entry.date}\``, "It is 2005-07-26, 2005-07 or 2005"];
  }
  if (!/^https?:\/\/\S+$|^\.{1,2}\/\S+$/.test(link)) {
    return [
      `the link of \`${id}\` leads nowhere`,
      "It is an address, https://…, or a path from chapters/, ../…",
    ];
  }
}

/** Is it a day, a month or a year? The calendar has no 30th of February. */
function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  return text.length < 10 || new Date(`${text}T00:00Z`).toISOString().startsWith(text);
}

/** The fields as text; YAML has made a number of 2005. */
function texts(value: object): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, String(field ?? "")]),
  );
}

/** The last names of everybody whom the ledger names. */
export function lastNames({ entries }: Ledger): string[] {
  const people = [...entries.values()].flatMap(({ who = "" }) => who.split(/,|;|&|\band\b/));
  const names = people.map((name) => name.trim().split(/\s+/).at(-1) ?? "");
  return [...new Set(names)].filter((name) => /^\p{Lu}/u.test(name));
}
