// The table of hazards is made from scenes, eras and records, is written into its place, and is missed when it is old.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { eras, scenes } from "../../sim/mod.ts";
import type { KernelRecord } from "../kernel/record.ts";
import { bodyOf } from "./body.ts";
import { hazardsTable, staleHazards } from "./records.ts";
import { applied, type Chapter, print } from "./chapter.ts";
import { parse } from "./markdown.ts";

const record = {
  release: "6.18.44",
  entries: [
    { name: "pin-fork-parent-writes", verdict: "agrees" },
    { name: "pin-shared", verdict: "differs" },
  ],
} as unknown as KernelRecord;

const chapter = (table: string) =>
  parse(
    `---
title: T
question: Q?
years: "2022"
kernel: mapcount
katas: []
minutes: 1
---

# T

Before.

<!-- hazards -->
${table}
<!-- /hazards -->

After, in 6.12.
`,
    "chapters/05-t.md",
  );

test("hazardsTable() has a row for each named scene and a cell for each era", () => {
  const rows = hazardsTable([record]).split("\n");
  assert.is(rows.length, scenes.size + 2);
  for (const row of rows) assert.is(row.split("|").length, eras.length + 4, row);
  const row = rows.find((row) => row.includes("[pin-fork-parent-writes]"))!;
  assert.is(
    row,
    "| [pin-fork-parent-writes](../sim/scenes/pin-fork-parent-writes.scene) | 0/P/0 | 0/P/0 | 0/P/0 " +
      "| P/P/0 | P/P/0 | P/P/0 | P/P/0 | [6.18.44](../scripts/kernel/records/6.18.44.txt) |",
  );
  assert.match(rows.find((row) => row.includes("[pin-shared]"))!, /\| no kernel yet \|$/);
  assert.match(rows.find((row) => row.includes("[pin-fork-thp]"))!, /not modelled yet/);
});

const filled = (old: Chapter, table: string) =>
  parse(applied(print(old), staleHazards(old, table).map(({ edit }) => edit!)), old.path);
const said = (chapter: Chapter, table: string) =>
  staleHazards(chapter, table).map(({ problem }) => String(problem).split("\n")[0]);

test("staleHazards() misses what is not there, and its edit fills the place", () => {
  const table = hazardsTable([record]), old = chapter("\n| old |\n");
  assert.equal(said(old, table), [
    "chapters/05-t.md:14: error: the table of hazards is not what the machine and the records say",
  ]);
  const now = filled(old, table);
  assert.equal(said(now, table), []);
  assert.match(print(now), /Before\.\n\n<!-- hazards -->\n\n\| /);
  assert.match(print(now), /\|\n\n<!-- \/hazards -->\n\nAfter/);
});

test("a table that is not closed is named at its line", () => {
  const open = parse(print(chapter("")).replace("<!-- /hazards -->\n", ""), "chapters/05-t.md");
  assert.match(said(open, "")[0]!, /^chapters\/05-t.md:14: error: .* is not followed/);
  assert.equal(staleHazards(open, "").map(({ edit }) => edit), [undefined]);
});

test("bodyOf() leaves the table out, and the lines behind it where they are", () => {
  const blocks = bodyOf(filled(chapter(""), hazardsTable([record]))).blocks;
  assert.equal(blocks.map(({ text }) => text), ["T", "Before.", "After, in 6.12."]);
  assert.is(blocks.at(-1)!.line, 14 + scenes.size + 7);
});

test.run();
