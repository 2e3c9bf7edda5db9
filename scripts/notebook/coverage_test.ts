// The list of what the documents say: each item is shown by a cell, or told for a reason, and the list of the course holds.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { coverageLines, coverageProblems, parseCoverage, readCoverage } from "./coverage.ts";
import { loadChapters } from "./files.ts";
import { parseLedger, readLedger } from "./ledger.ts";
import { parse } from "./markdown.ts";
import { markdown } from "./testing.ts";

const cell =
  "```ts id=lost\n1;\n```\n\n```output\nthe device reads old\nthe child reads new\n```\n";
const chapters = [parse(markdown(`${cell}\n\`\`\`ts\n2;\n\`\`\`\n`), "chapters/90-owners.md")];
const ledger = parseLedger("one:\n  kind: page\n  title: T\n  link: https://example.org/one\n");
const shown = { question: "what does the device read?", cell: "owners.lost", shows: "reads old" };
/** A list, an item a line. */
const listOf = (documents: Record<string, unknown[]>) =>
  Object.entries(documents).map(([id, items]) =>
    `${id}:\n${items.map((item) => `  - ${JSON.stringify(item)}\n`).join("")}`
  ).join("");
const saidOf = (text: string) =>
  coverageProblems(parseCoverage(text), chapters, ledger)
    .map((problem) => String(problem).split("\n")[0]);
const said = (documents: Record<string, unknown[]>) => saidOf(listOf(documents));

test("an item is shown by a line of a cell's output, or told for a reason", () => {
  assert.equal(
    said({ one: [shown, { remark: "the child reads", cell: "owners.lost", shows: "new" }] }),
    [],
  );
  const list = "chapters/coverage.yaml:2: error: one: ",
    asked = 'question "what does the device read?": ';
  for (
    const [change, expected] of [
      [{ cell: "owner.lost" }, `${asked}there is no chapter \`owner\``],
      [{ cell: "owners.last" }, `${asked}chapters/90-owners.md has no cell \`last\``],
      [{ shows: "old the" }, `${asked}the output of \`owners.lost\` has no line with "old the"`],
      [{ cell: "" }, `${asked}it is neither shown nor told`],
      [{ shows: "" }, `${asked}it is neither shown nor told`],
      [{ told: "why" }, `${asked}it is told and shown, or told for no reason`],
      [{ remark: "both" }, 'remark "both": it is of no kind, or of several'],
      [{ question: "" }, 'question "": it is of no kind, or of several'],
      [{ show: "old" }, `${asked}there is no field \`show\``],
    ] as const
  ) assert.equal(said({ one: [{ ...shown, ...change }] }), [list + expected]);
});

test("85 of a hundred items are run", () => {
  const told = { remark: "an opinion", told: "nothing to run" };
  const items = (run: number, all: number) =>
    Array.from({ length: all }, (_, at) => at < run ? shown : told);
  assert.equal(said({ one: items(17, 20) }), []);
  assert.equal(said({ one: items(16, 20) }), [
    "chapters/coverage.yaml:1: error: of one 16 of 20 items are run, 80 %",
  ]);
  assert.equal(said({ two: items(1, 1) }), [
    "chapters/coverage.yaml:1: error: `two` is not in the ledger",
  ]);
  assert.equal(coverageLines(parseCoverage(listOf({ one: items(17, 20) }))), [
    "one: 17 of 20 items are run, 3 told",
  ]);
});

test("a list that is none, or holds what is no item, is refused at its line and ends nothing", () => {
  const at = (line: number) => `chapters/coverage.yaml:${line}: error: `;
  assert.equal(saidOf("# what\none: 5\n"), [`${at(2)}what \`one\` says is no list`]);
  assert.equal(saidOf("one: []\n"), [`${at(1)}what \`one\` says is no list`]);
  const fine = `  - ${JSON.stringify(shown)}\n`;
  for (const item of ["text", "{cell: 5}", "[a]", "~", "{remark: {a: b}}"]) {
    assert.equal(saidOf(`one:\n${fine}  - ${item}\n`), [
      `${at(3)}one: this is no item: its fields are text`,
    ]);
  }
});

test("what the documents of the course say is shown where the list says so", async () => {
  const coverage = await readCoverage();
  assert.equal(coverage.documents.map(({ id }) => id), [
    "dickins-2005-08-09",
    "so-4046192",
    "lwn-895439",
  ]);
  assert.equal(
    coverageProblems(coverage, await loadChapters(), (await readLedger())!).map(String),
    [],
  );
});

test.run();
