// The terminal: how wide it is taken to be, and that nothing of anybody else's moves its cursor.

import { test } from "uvu";
import * as assert from "uvu/assert";
import * as colors from "@std/fmt/colors";
import { Problem, systemProblem } from "./problem.ts";
import { columnsToUse, shown } from "./terminal.ts";

const enabled = colors.getColorEnabled();
test.after.each(() => colors.setColorEnabled(enabled));

test("a terminal that says it has 0 columns is as wide as COLUMNS says, or 80", () => {
  assert.is(columnsToUse(0, undefined), 80);
  assert.is(columnsToUse(0, "132"), 132);
  assert.is(columnsToUse(undefined, "132"), 132);
  assert.is(columnsToUse(100, "132"), 100);
});

test("COLUMNS of nonsense is 80, and a width that nobody has is cut", () => {
  for (const nonsense of ["", "0", "-5", "wide", "0.5", "NaN"]) {
    assert.is(columnsToUse(undefined, nonsense), 80, nonsense);
  }
  assert.is(columnsToUse(undefined, "1e9"), 1000);
  assert.is(columnsToUse(7, undefined), 20);
});

test("a line that is said keeps our own colours and no other escape", () => {
  colors.setColorEnabled(true);
  const ours = [colors.bold, colors.dim, colors.italic, colors.underline, colors.red, colors.green]
    .concat([colors.yellow, colors.blue, colors.magenta, colors.cyan, colors.gray]);
  for (const paint of ours) assert.is(shown(paint("x")), paint("x"));
  assert.is(
    shown("\x1b[2J\x1b]0;title\x07\x1b[8mhidden\x1b[41mx\u200e"),
    "\\u001b[2J\\u001b]0;title\\u0007\\u001b[8mhidden\\u001b[41mx\\u200e",
  );
  colors.setColorEnabled(false);
  assert.is(shown("\x1b[31mred"), "\\u001b[31mred");
});

test("a Problem spells out what is hostile in its message, its path and its remedy", () => {
  const problem = new Problem("threw \x1b[31mE\u200e", {
    path: "kata/\x1b[2J.ts",
    line: 1,
    remedy: "see \x9b1m\nand \u061c",
  });
  assert.is(
    String(problem),
    "kata/\\u001b[2J.ts:1: error: threw \\u001b[31mE\\u200e\n  see \\u009b1m\n  and \\u061c",
  );
});

test("what the system refuses is told with its file, without a stack", async () => {
  const error = await Deno.readTextFile(".").catch((error) => error);
  assert.is(
    String(systemProblem(error)),
    ".: error: is a directory\n  So the system says of readfile",
  );
  assert.is(systemProblem(new Error("of ours")), undefined);
});

test.run();
