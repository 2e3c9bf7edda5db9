import { setColorEnabled } from "@std/fmt/colors";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Part } from "./reader.ts";
import { turnPages } from "./turning.ts";

setColorEnabled(false);

const parts: Part[] = [
  { lines: ["What does the child find?"] },
  { lines: ["  a) old", "  b) new"] },
  { lines: ["    cell"], choices: 2 },
  { lines: ["| old"] },
  { lines: ["The output confirms a."], answers: true },
  { lines: ["    another"], choices: 3 },
  { lines: ["The output confirms c."], answers: true },
];

/** Reads with these keys; gives how it ended and what stands on the terminal, hints that are gone in brackets. */
async function read(keys: readonly string[], rows = 40, of = parts) {
  const said: string[] = [];
  const typed = keys.values();
  const end = await turnPages(of, {
    columns: () => 60,
    rows: () => rows,
    say: (...lines) => void said.push(...lines),
    rubOut: (lines) => void said.push(`(${said.splice(-lines).join()})`),
    typed: () => Promise.resolve(typed.next().value),
  });
  return { end, lines: said };
}

test("a question waits for a letter behind the code, and the answer says which it was", async () => {
  const { end, lines } = await read(["x", "b", "\r"]);
  assert.is(end, "end");
  assert.equal(lines, [
    "What does the child find?",
    "",
    "  a) old",
    "  b) new",
    "",
    "    cell",
    "(What do you think: a or b? Enter skips, q leaves)",
    "",
    "| old",
    "",
    "You said b.",
    "The output confirms a.",
    "",
    "    another",
    "(What do you think: a, b or c? Enter skips, q leaves)",
    "",
    "The output confirms c.",
  ]);
});

test("Ctrl-C interrupts, q leaves, and so does the end of the keys; what was typed ahead is taken", async () => {
  for (
    const [keys, end] of [
      [["\x03"], "interrupted"],
      [["q"], "left"],
      [["\x04"], "left"],
      [["\r", "\x1b[5~"], "left"],
      [["ac"], "end"],
      [[], "left"],
    ] as const
  ) assert.is((await read(keys)).end, end, JSON.stringify(keys));
});

test("a text that is longer than the terminal is high waits at each page", async () => {
  const long = [{ lines: ["1", "2", "3"] }, { lines: ["4", "5", "6", "7"] }];
  const { end, lines } = await read(["x\r", " "], 4, long);
  assert.is(end, "end");
  const hint = "(Enter → on, q leave)";
  assert.equal(lines, ["1", "2", "3", hint, "", "4", "5", hint, "6", "7"]);
  assert.equal((await read([], 4, long)).lines, ["1", "2", "3", hint]);
  assert.equal((await read([], 9, long)).end, "end");
});

test.run();
