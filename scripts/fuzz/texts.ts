// The texts of the course: chapters, the ledger, the quotations, the list of what is covered, and scenes. Each is read as the
// tasks read it, up to where a cell would run; cells print what the chapter has stored.

import { atLevel, parseScenes, type Release, releaseNamed, runScene } from "../../sim/mod.ts";
import { located } from "../kernel/scenes.ts";
import { bodyOf } from "../notebook/body.ts";
import { cellsOf, type Chapter, outputOf, print, type Run } from "../notebook/chapter.ts";
import { coverageLines, coverageProblems, parseCoverage } from "../notebook/coverage.ts";
import { counted, countProblems, staleFigures } from "../notebook/figures.ts";
import { lookAt, readText } from "../notebook/files.ts";
import { filmProblems } from "../notebook/films.ts";
import type { CellResult } from "../notebook/harness.ts";
import { brokenCells, refusedImports } from "../notebook/imports.ts";
import { lastNames, type Ledger, ledgerPath, parseLedger } from "../notebook/ledger.ts";
import { limitAdvice, limitProblems, wordLine } from "../notebook/limits.ts";
import { linkProblems } from "../notebook/links.ts";
import { parse } from "../notebook/markdown.ts";
import { originProblems, staleOutputs, wideOutputs } from "../notebook/outputs.ts";
import { predictProblems } from "../notebook/predict.ts";
import { quotedProblems } from "../notebook/quoted.ts";
import {
  parseQuotes,
  quotationProblems,
  quotationsOf,
  quotationsOfNotes,
  quotesPath,
  unusedQuotes,
} from "../notebook/quotations.ts";
import { linesOfParts, read } from "../notebook/reader.ts";
import { seenProblems } from "../notebook/records.ts";
import { claimLines, claimProblems, sourceProblems, unusedEntries } from "../notebook/sources.ts";
import { termLines, termProblems, termsOf } from "../notebook/terms.ts";
import { weave } from "../notebook/woven.ts";
import type { Problem } from "../tool/problem.ts";
import { shown } from "../tool/terminal.ts";
import type { Target } from "./target.ts";

const CHAPTER = "chapters/00-owners.md", COVERAGE = "chapters/coverage.yaml";
const SCENES = "sim/scenes/fuzzed.scene";

/** Everything that a chapter may hold, in a few lines. */
const SMALL = `---
title: A test
question: "Does it hold: yes?"
years: 2005–2006
kernel: mapcount
katas: [last-writer]
minutes: 5
---

# A test

Some *prose* with **stress**, \`code\`, ![a picture](a.svg) and [3 of 20](#count:one.lost), in 2005 by Tsirkin.

- a list, with [a file](../sim/mod.ts) and [\`Lab\`](../sim/lab.ts)
  > a quote, "as written", seen on [6.18](#seen:the pipe)

| a | table |
| - | ----- |
| 1 | [x][mst-2005-07-26] |

\`\`\`ts id=one
import { Lab } from "sim";
const m = new Lab(kernel);
console.log("first", m.state);
\`\`\`

\`\`\`output
first
\`\`\`

\`\`\`predict
What does the child find?
- the old text: \`old\`
- nothing: \`SIGSEGV\`
\`\`\`

\`\`\`ts id=two throws=EFAULT steps
m.store(1, 0x1000, "x");
\`\`\`

\`\`\`ts ignore file=sim/errno.ts
export
\`\`\`

<!-- hazards -->

<!-- /hazards -->

## Sources

[mst-2005-07-26]: https://example.org/1 "PROT_DONTCOPY"
`;

/** The texts as they are in the project, and how each is read. */
export async function courseTargets(): Promise<Target[]> {
  const sources = await Promise.all(
    [CHAPTER, "chapters/05-anon-exclusive.md", ledgerPath, quotesPath, COVERAGE].map(readText),
  );
  const [owners = "", exclusive = "", ledgerText = "", quotes = "", coverage = ""] = sources;
  const some = (text: string, from: number, lines: number) =>
    text.split("\n").slice(from, from + lines).join("\n");
  const front = some(owners, 0, 9), ledger = parseLedger(ledgerText);
  const [chapter, entries, words] = [
    parse(owners, CHAPTER),
    some(ledgerText, 0, 90),
    parseQuotes(
      quotes,
      ledger,
    ),
  ];
  const scenes = await readText("sim/scenes/recorded/rules.jsonl");
  const recorded = scenes.split("\n").filter((line) => line).map((line) =>
    `=== a scene\n# loses: P0 r a0 -> =1\n${
      (JSON.parse(line) as { trace: string[] }).trace.join("\n")
    }\n`
  );
  return [
    {
      name: "chapter",
      path: CHAPTER,
      bases: [
        SMALL,
        SMALL,
        `${front}\n${some(owners, 9, 120)}`,
        `${front}\n${some(exclusive, 40, 90)}`,
      ],
      weight: 8,
      read: (text) => readChapter(text, ledger, words),
    },
    {
      name: "ledger",
      path: ledgerPath,
      bases: [entries, some(ledgerText, 0, 30)],
      weight: 3,
      read(text) {
        const found = parseLedger(text);
        lastNames(found);
        quotationProblems(quotationsOfNotes(found), words, found);
        return [...found.problems, ...unusedEntries([bodyOf(chapter)], found)];
      },
    },
    {
      name: "quotations",
      path: quotesPath,
      bases: [some(quotes, 0, 40)],
      weight: 2,
      read(text) {
        const found = parseQuotes(text, ledger);
        return [...found.problems, ...unusedQuotes([], found)];
      },
    },
    {
      name: "coverage",
      path: COVERAGE,
      bases: [some(coverage, 0, 60)],
      weight: 2,
      read(text) {
        const found = parseCoverage(text);
        coverageLines(found);
        return coverageProblems(found, [chapter], ledger);
      },
    },
    { name: "scene", path: SCENES, bases: recorded, weight: 4, read: readScenes },
  ];
}

async function readChapter(
  text: string,
  ledger: Ledger,
  quotes: ReturnType<typeof parseQuotes>,
): Promise<Problem[]> {
  const chapter = parse(text, CHAPTER), body = bodyOf(chapter);
  if (print(chapter) !== text) throw new Error("not every letter of it is kept");
  const run: Run = { cells: cellsOf(chapter).map((cell) => resultOf(chapter, cell.index)) };
  for (const columns of [80, 20]) linesOfParts(read(chapter, run, columns)).map(shown);
  if (weave(chapter, "key").split("\n").length < text.split("\n").length) {
    throw new Error("lines went");
  }
  const terms = termsOf([body]), people = lastNames(ledger);
  termLines(terms);
  claimLines(body, people);
  wordLine(body);
  limitAdvice(body);
  const { cells } = run;
  const found = [
    ...staleOutputs(chapter, cells),
    ...staleFigures(body, [counted(chapter, cells)]),
  ];
  return [
    ...found.map(({ problem }) => problem),
    ...refusedImports(chapter),
    ...brokenCells(chapter),
    ...await linkProblems(body, [body], lookAt),
    ...await quotedProblems(chapter, lookAt),
    ...seenProblems(body, ["the pipe"]),
    ...limitProblems(body),
    ...sourceProblems(body, ledger),
    ...claimProblems(body, people),
    ...termProblems(terms),
    ...quotationProblems(quotationsOf(body), quotes, ledger),
    ...predictProblems(chapter, cells),
    ...countProblems(body, cells),
    ...filmProblems(chapter, cells),
    ...originProblems(chapter, cells),
    ...wideOutputs(chapter, cells),
  ];
}

/** What a cell would have printed, if what is stored were true. */
function resultOf(chapter: Chapter, index: number): CellResult {
  const cell = cellsOf(chapter)[index]!, text = outputOf(chapter, cell)?.text;
  return {
    index,
    items: text === undefined ? [] : [{ kind: "text", text }],
    counts: { lost: { value: 3, of: 20 } },
  };
}

const kernels: Release[] = ["5.4.38", "6.18.44"].map(releaseNamed);

function readScenes(text: string): Problem[] {
  for (const { lines, places } of parseScenes(text)) {
    for (const kernel of kernels) {
      const answers = located({ path: SCENES, lines, places }, () => runScene(lines, kernel));
      lines.forEach((line, at) => shown(`${line} -> ${atLevel(answers[at]!, "bytes")}`));
    }
  }
  return [];
}
