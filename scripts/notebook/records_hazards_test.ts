// The table of hazards is made from scenes, eras and records, is written into its place, and is missed when it is old.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { scenes } from "../../sim/mod.ts";
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
  every: [],
} as unknown as KernelRecord;

/** Scenes that ask for huge pages. */
const huge = [
  "child-vmsplice-hugetlb",
  "child-vmsplice-thp",
  "pin-fork-thp",
  "pin-fork-thp-child-first",
];

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

test("hazardsTable() has a row for each named scene, what is right in it, and a column for kernels that answer alike", () => {
  const [table] = hazardsTable([record]).split("\n\n");
  const [head, , ...rows] = table!.split("\n").map((row) => row.split(" | "));
  assert.is(rows.length, scenes.size - huge.length);
  for (const row of rows) assert.is(row.length, head!.length, row[0]);
  assert.equal(head!.slice(1), [
    "right",
    "`refcount_old` 2.6.7–2.6.12",
    "`mapcount` 2.6.13–2.6.23, 2.6.32–4.4.288, 4.5–4.9.0, 4.10–4.14.231, 4.15–4.19.188, 4.20–5.0",
    "`mapcount` 2.6.24–2.6.31",
    "`mapcount` 5.1–5.4.46, 5.5–5.6.18, 5.7–5.7.2",
    "`read_gup_breaks_cow` 4.4.289–4.4.y, 4.14.232–4.14.y, 4.19.189–4.19.y",
    "`read_gup_breaks_cow` 5.4.47–5.4.y, 5.6.19–5.6.y, 5.7.3–5.8",
    "`page_count` 5.9–5.10, 5.14–5.17",
    "`page_count` 5.11–5.13",
    "`page_count` 5.18",
    "`anon_exclusive` 5.19–6.1",
    "`ro_longterm` 6.2–6.8",
    "`ro_longterm` 6.12–6.14",
    "`large_folio` 6.18, 7.2",
    "seen on |",
  ]);
  const row = (name: string) => rows.find(([first]) => first!.includes(`[${name}]`))!;
  const lost = "✗ parted: **device old**, parent new, child old",
    kept = "device new, parent new, child old";
  assert.equal(row("pin-fork-parent-writes"), [
    "| [pin-fork-parent-writes](../sim/scenes/pin-fork-parent-writes.scene)",
    "device new; child not new",
    ...Array(6).fill(lost),
    ...Array(7).fill(kept),
    "[6.18.44](../scripts/kernel/records/6.18.44.txt) |",
  ]);
  assert.is(row("pin-shared").at(-1), "no kernel yet |");
  assert.is(row("read-zero-page")[1], "nothing is expected");
});

test("hazardsTable() names scenes that the machine cannot play in a line below, not in rows that say nothing", () => {
  const [table, below] = hazardsTable([record]).split("\n\n");
  const links = huge.map((name) => `[${name}](../sim/scenes/${name}.scene)`);
  assert.is(below, `Without a row, since the machine cannot play them: ${links.join(", ")}.`);
  for (const name of huge) assert.not.match(table!, name);
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
  assert.match(print(now), /\.\n\n<!-- \/hazards -->\n\nAfter/);
});

test("a table that is not closed is named at its line", () => {
  const open = parse(print(chapter("")).replace("<!-- /hazards -->\n", ""), "chapters/05-t.md");
  assert.match(said(open, "")[0]!, /^chapters\/05-t.md:14: error: .* is not followed/);
  assert.equal(staleHazards(open, "").map(({ edit }) => edit), [undefined]);
});

test("hazardsTable() says below the table of which kernel every short program was asked", () => {
  const whole = {
    operations: 5,
    settings: false,
    programs: 242_868,
    undecided: 44,
    date: "2026-11-21",
  };
  const every = [whole, { ...whole, operations: 4, settings: true, programs: 33_354 }];
  const [, , below, ...more] = hazardsTable([record, { ...record, every }]).split("\n\n");
  assert.is(
    below,
    "Beyond these scenes, [a real kernel](../scripts/kernel/records/6.18.44.txt) has answered every short program " +
      "over one page and two processes as the machine does: all 242,868 of 5 operations, and all 33,354 of " +
      "4 operations with reclaim and KSM among them.",
  );
  assert.equal(more, []);
});

test("bodyOf() leaves the table out, and the lines behind it where they are", () => {
  const blocks = bodyOf(filled(chapter(""), hazardsTable([record]))).blocks;
  assert.equal(blocks.map(({ text }) => text), ["T", "Before.", "After, in 6.12."]);
  assert.is(blocks.at(-1)!.line, 14 + scenes.size - huge.length + 9);
});

test.run();
