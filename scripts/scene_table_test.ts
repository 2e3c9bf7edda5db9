// The table of operations in sim/scenes/README.md is the machine's.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { operations } from "../sim/mod.ts";
import { operationsTable, README, withTable } from "./scene_table.ts";

test(`${README} has the table of operations as it is now`, async () => {
  const text = await Deno.readTextFile(README);
  assert.is(text, withTable(text, README), "run `deno task scene --operations --accept`");
});

test("operationsTable() has a row for each operation of a scene, and says what a word needs", () => {
  const lines = operationsTable().split("\n");
  const inScenes = operations.filter(({ scene }) => scene).length;
  assert.is(lines.filter((line) => line.startsWith("| `")).length, inScenes);
  assert.ok(lines.some((line) => /^\| `P0 mprot a0 N r\\\|rw\\\|none` +\| sets /.test(line)));
  assert.ok(lines.some((line) => line.startsWith("| `P0 mremap a0 N b0` ")));
  assert.ok(lines.some((line) => /^\| `\* gr R i` .* \| uring +\|$/.test(line)));
  assert.match(lines.at(-1)!, "`pageout` (needs swap), ");
});

test("withTable() asks for a place", () => {
  assert.throws(() => withTable("no table", "x.md"), /there is no place for the table/);
});

test.run();
