// chapters/coverage.yaml: what the documents of the course say, item by item, and where a chapter shows it: a cell and a part
// of what it prints, or, for what no machine can show, the reason why it is only told.

import { didYouMean } from "../tool/nearest.ts";
import { unlessMissing } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";
import { cellsOf, type Chapter, outputOf } from "./chapter.ts";
import { readText } from "./files.ts";
import { type Ledger, ledgerPath } from "./ledger.ts";
import { lineOfKey, linesOfItems, readYaml } from "../tool/yaml.ts";

export const coveragePath = "chapters/coverage.yaml";

/** How many of a hundred items are run. */
const RUN = 85;

const KINDS = ["system", "alternative", "scenario", "remark", "question"];
const FIELDS = [...KINDS, "cell", "shows", "told"];

/** Something that a document says: one of the kinds with what it is, and where it is shown. */
export type Item = Readonly<Record<string, string>>;

/** What a document says, in its order, and the lines where the list says so. */
export interface Document {
  /** In the ledger. */
  id: string;
  line: number;
  items: readonly Item[];
  lines: readonly number[];
}

/** The documents that can be used, and what is wrong with the others. */
export interface Coverage {
  documents: Document[];
  problems: Problem[];
}

/** What the course is to cover; nothing where there is no list. */
export async function readCoverage(): Promise<Coverage> {
  return parseCoverage(await unlessMissing(readText(coveragePath)) ?? "");
}

/** Reads a list: `id:`, and items that are fields of text. */
export function parseCoverage(source: string): Coverage {
  const documents: Document[] = [], problems: Problem[] = [];
  const fields = readYaml(source, { what: "the list", path: coveragePath });
  for (const [id, list] of Object.entries(fields)) {
    const line = lineOfKey(source, id) || 1;
    const refuse = (message: string, line: number) =>
      problems.push(
        new Problem(message, {
          path: coveragePath,
          line,
          remedy: "An item is `- remark: …`, then `cell: slug.id` and `shows: …`, or `told: why`",
        }),
      );
    if (!Array.isArray(list) || list.length === 0) {
      refuse(`what \`${id}\` says is no list`, line);
      continue;
    }
    const lines = linesOfItems(source, id, list.length);
    const wrong = list.findIndex((item) => !isItem(item));
    if (wrong >= 0) refuse(`${id}: this is no item: its fields are text`, lines[wrong]!);
    else documents.push({ id, line, items: list, lines });
  }
  return { documents, problems };
}

function isItem(item: unknown): item is Item {
  return typeof item === "object" && item !== null && !Array.isArray(item) &&
    Object.values(item).every((field) => typeof field === "string");
}

/** Each item that is not shown as it says, and a document of which too little is run. */
export function coverageProblems(
  { documents, problems }: Coverage,
  chapters: readonly Chapter[],
  { entries }: Ledger,
): Problem[] {
  const found = documents.flatMap(({ id, line, items, lines }) => {
    const refuse = (message: string, remedy: string, at = line) =>
      new Problem(message, { path: coveragePath, line: at, remedy });
    if (!entries.has(id)) {
      return [refuse(`\`${id}\` is not in the ledger`, `Add it to ${ledgerPath}`)];
    }
    const wrong = items.flatMap((item, i) => {
      const why = wrongIn(item, chapters);
      return why ? [refuse(`${id}: ${nameOf(item)}: ${why[0]}`, why[1], lines[i])] : [];
    });
    const run = items.filter(({ cell }) => cell !== undefined).length;
    const share = Math.floor(100 * run / items.length);
    return share >= RUN ? wrong : [
      ...wrong,
      refuse(
        `of ${id} ${run} of ${items.length} items are run, ${share} %`,
        `At least ${RUN} % are`,
      ),
    ];
  });
  return [...problems, ...found];
}

/** The share that is run, a line a document. */
export function coverageLines({ documents }: Coverage): string[] {
  return documents.map(({ id, items }) => {
    const run = items.filter(({ cell }) => cell !== undefined).length;
    return `${id}: ${run} of ${items.length} items are run, ${items.length - run} told`;
  });
}

function nameOf(item: Item): string {
  const kind = KINDS.find((kind) => item[kind] !== undefined);
  return kind ? `${kind} "${item[kind]}"` : JSON.stringify(item);
}

type Wrong = [message: string, remedy: string];

function wrongIn(item: Item, chapters: readonly Chapter[]): Wrong | undefined {
  const unknown = Object.keys(item).find((field) => !FIELDS.includes(field));
  if (unknown) return [`there is no field \`${unknown}\``, didYouMean(unknown, FIELDS)];
  if (KINDS.filter((kind) => item[kind]).length !== 1) {
    return ["it is of no kind, or of several", `One of ${KINDS.join(", ")}, and what it is`];
  }
  const { cell, shows, told } = item;
  if (told !== undefined) {
    return cell || shows || !told
      ? ["it is told and shown, or told for no reason", "Keep one"]
      : undefined;
  }
  if (!cell || !shows) {
    return ["it is neither shown nor told", "`cell: slug.id` with `shows: …`, or `told: why`"];
  }
  const [slug = "", id = ""] = cell.split("."), chapter = chapters.find((one) => one.slug === slug);
  if (!chapter) {
    return [
      `there is no chapter \`${slug}\``,
      didYouMean(slug, chapters.map(({ slug }) => slug)),
    ];
  }
  const ids = cellsOf(chapter).flatMap(({ marks }) => marks.id ?? []);
  const found = cellsOf(chapter).find(({ marks }) => marks.id === id);
  if (!found) return [`${chapter.path} has no cell \`${id}\``, didYouMean(id, ids)];
  const output = outputOf(chapter, found)?.text ?? "";
  if (output.split("\n").some((line) => line.includes(shows))) return;
  return [
    `the output of \`${cell}\` has no line with "${shows}"`,
    output ? `It is:\n${output}` : "It prints nothing",
  ];
}
