// The table of hazards on its page, and the pages that its squares lead to.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { runs, scenes } from "../../sim/mod.ts";
import { hazardsPage } from "./hazards_page.ts";
import { heat } from "./heat.ts";
import { page } from "./html.ts";
import { sceneParts } from "./scene_page.ts";

const made = heat([]);
const text = page(hazardsPage(made), { live: false });
const rowOf = (name: string) => new RegExp(`<tr id="${name}">.*?</tr>`).exec(text)![0];

test("hazardsPage() has a row for each named scene, says how many, and how to get to them", () => {
  assert.is(text.match(/<tr id=/g)!.length, scenes.size);
  assert.match(text, `<strong>${scenes.size} rows</strong>`);
  const jumps = [...text.matchAll(/<li><a href="#([a-z]+)">[^<]*<\/a> \((\d+)\)/g)];
  assert.is(jumps.reduce((sum, [, , count]) => sum + Number(count), 0), scenes.size);
  for (const [, id] of jumps) assert.match(text, `<tbody id="${id}">`);
});

test("a square says by shape and word what came of a scene, and leads to its kernels there", () => {
  const row = rowOf("pin-fork-parent-writes");
  assert.match(row, /<td class="square wrong"><a href="[^"]*" tabindex="-1">✗ parted<\/a>/);
  assert.match(row, /<td class="square well"><a href="[^"]*" tabindex="-1">✓ whole<\/a>/);
  assert.match(row, `href="source/sim/scenes/pin-fork-parent-writes.scene.html#kernels-1"`);
  assert.match(rowOf("direct-read-fork-parent-writes"), "✗ parted, lost write, leaked");
  assert.match(rowOf("fork-vmsplice-child-exits"), `<td class="square open">`);
  assert.match(rowOf("pin-fork-thp"), "the machine has no huge pages");
});

test("a square is wrong exactly where a scene is answered wrong, and then its word is not whole", () => {
  for (const { scene, squares } of made.rows) {
    for (const { right, words, judged } of squares) {
      assert.is(right === "wrong", judged.wrong.length > 0, scene.name);
      if (right === "wrong") assert.match(words, /parted|lost write|leaked/, scene.name);
      if (right === "right") assert.match(words, /^(?:whole|right)$/, scene.name);
    }
  }
});

test("every release that something is known of has one column", () => {
  const columns = [...text.matchAll(/data-runs="([\d ]+)"/g)].flatMap(([, own]) => own!.split(" "));
  assert.equal(columns.map(Number).sort((a, b) => a - b), [...runs.keys()]);
});

test("sceneParts() has a legend, the answer of every column with a picture, and the way back", () => {
  const file = "sim/scenes/pin-fork-parent-writes.scene";
  const { before, after } = sceneParts(file, `source/${file}.html`, made, "hazards.html")!;
  assert.match(before.text, `href="../../../hazards.html#pin-fork-parent-writes"`);
  assert.match(after.text, `<dt><code>pin</code></dt>`);
  made.columns.forEach((_, at) => assert.match(after.text, `id="kernels-${at + 1}"`));
  assert.match(after.text, "✗ parted: pid 1 sees pfn 2");
  assert.is(after.text.match(/<figure class="picture"/g)!.length, 2);
  assert.is(after.text.match(/<details class="legend">/g)!.length, 1);
  assert.match(after.text, "Back to the table");
  assert.is(sceneParts("sim/scenes/README.md", "x.html", made, "hazards.html"), undefined);
});

test.run();
