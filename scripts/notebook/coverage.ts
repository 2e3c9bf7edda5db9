// chapters/coverage.yaml: what the documents of the course say, item by item, and where a chapter shows it: a cell and a part
// of what it prints, or, for what no machine can show, the reason why it is only told.

import { didYouMean } from "../tool/nearest.ts";
import { unlessMissing } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";
import { cellsOf, type Chapter, outputOf } from "./chapter.ts";
import { readText } from "./files.ts";
import { type Ledger, ledgerPath } from "./ledger.ts";
import { readYaml } from "../tool/yaml.ts";

export const coveragePath = "chapters/coverage.yaml";

/** How many of a hundred items are run. */
const RUN = 85;

const KINDS = ["system", "alternative", "scenario", "remark", "question"];
const FIELDS = [...KINDS, "cell", "shows", "told"];

/** Something that a document says: one of the kinds with what it is, and where it is shown. */
export type Item = Readonly<Record<string, string>>;

/** The documents, by their ids in the ledger, and what each says, in its order. */
export type Coverage = Readonly<Record<string, readonly Item[]>>;

/** What the course is to cover; nothing where there is no list. */
export async function readCoverage(): Promise<Coverage> {
  const text = await unlessMissing(readText(coveragePath)) ?? "";
  return readYaml(text, { what: "the list", path: coveragePath }) as Coverage;
}

/** Each item that is not shown as it says, and a document of which too little is run. */
export function coverageProblems(
  coverage: Coverage,
  chapters: readonly Chapter[],
  { entries }: Ledger,
): Problem[] {
  return Object.entries(coverage).flatMap(([id, items]) => {
    const refuse = (message: string, remedy: string) =>
      new Problem(message, { path: coveragePath, remedy });
    if (!entries.has(id)) {
      return [refuse(`\`${id}\` is not in the ledger`, `Add it to ${ledgerPath}`)];
    }
    const wrong = items.flatMap((item) => {
      const why = wrongIn(item, chapters);
      return why ? [refuse(`${id}: ${nameOf(item)}: ${why[0]}`, why[1])] : [];
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
}

/** The share that is run, a line a document. */
export function coverageLines(coverage: Coverage): string[] {
  return Object.entries(coverage).map(([id, items]) => {
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
