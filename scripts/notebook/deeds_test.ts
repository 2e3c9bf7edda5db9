// What the cells of a chapter have machines do: told by the child that runs it, kept in a file.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { cellsText } from "./deeds.ts";
import type { Deeds } from "./watch.ts";
import { parse } from "./markdown.ts";
import { runChapters } from "./run.ts";

const chapter = parse(
  `---
title: Toy
question: What is done?
years: 2005–2006
kernel: mapcount
katas: []
minutes: 1
---

\`\`\`ts
import { explore, FOLL_WRITE, Lab, outcome, races, releaseNamed, scenes } from "sim";
const m = new Lab(kernel);
m.mmap(1, 0x7000);
\`\`\`

\`\`\`ts id=store
m.store(1, 0x7000, "x");
\`\`\`

\`\`\`ts id=nothing
const other = new Lab(kernel);
\`\`\`

\`\`\`ts id=two
for (const sort of [1, 2, 1]) {
  const lab = new Lab(kernel);
  lab.mmap(1, 0x7000, sort);
}
\`\`\`

\`\`\`ts id=proposal
new Lab(kernel, { proposals: { PROT_DONTCOPY: true } }).mmap(1, 0x7000);
\`\`\`

\`\`\`ts id=driver
other.driver("nic");
other.mmap(1, 0x7000);
\`\`\`

\`\`\`ts id=scene
outcome(scenes.get("child-vmsplice")!, releaseNamed("5.10.223"));
outcome(scenes.get("child-vmsplice-thp")!, releaseNamed("5.10.223"));
\`\`\`

\`\`\`ts id=race
explore(races.get("r5")!, releaseNamed("5.10.3"));
\`\`\`
`,
  "chapters/07-toy.md",
);
const runs = await runChapters([chapter]);

test("a cell is told of by what its machines did from their beginning, each thing once", () => {
  const { cells, problem } = runs.get("toy")!;
  assert.is(problem, undefined, String(problem));
  assert.equal(cells.map(({ deeds }) => deeds?.map(withoutAnswers)), [
    [{ lines: ["P0 mmap a 1 priv", "* snap a0 1"] }],
    [{ lines: ["P0 mmap a 1 priv", "P0 w a0 1", "* snap a0 1"] }],
    undefined,
    [
      { lines: ["P0 mmap a 1 priv", "* snap a0 1"] },
      { lines: ["P0 mmap a 2 priv", "* snap a0 2"] },
    ],
    [{ apart: "PROT_DONTCOPY, which was only proposed" }],
    [{ apart: "the cell's own driver of nic" }],
    [{ scene: "child-vmsplice" }],
    [{ lacks: "race r5: no probe stops a kernel between two instructions" }],
  ]);
});

/** What was asked, and not what came of it. */
function withoutAnswers(deed: Deeds): Deeds {
  const { came: _, ...asked } = { came: undefined, ...deed };
  return asked;
}

test("what a cell's machines are answered is told with the rules by which", () => {
  const { cells } = runs.get("toy")!;
  const came = (index: number) => cells[index]!.deeds!.map((deed) => "came" in deed && deed.came);
  assert.equal(came(1), [[{ by: "mapcount", answers: ["ok", "ok f1 new", "P0=Ax1"] }]]);
  assert.equal(came(6).map((all) => all && all.map(({ by }) => by)), [["5.10.223"]]);
});

test("cellsText() writes the cells of chapters that ran, and keeps what it has of the others", () => {
  const text = cellsText("", [chapter], runs);
  assert.match(text, "=== toy/1\nP0 mmap a 1 priv\n* snap a0 1\n\n=== toy/store\n");
  assert.match(text, "=== toy/two\nP0 mmap a 1 priv\n* snap a0 1\n\n=== toy/two 2\n");
  assert.not.match(text, "toy/nothing");
  assert.is(cellsText(text, [chapter], new Map()), text);
  assert.is(cellsText(text, [], runs), "");
});

test.run();
