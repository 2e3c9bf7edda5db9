import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CellResult } from "./harness.ts";
import { parse, print } from "./markdown.ts";
import { staleOutputs, wideOutputs, withOutputs } from "./outputs.ts";
import { markdown } from "./testing.ts";

const path = "chapters/90-outputs.md";
const result = (index: number, text: string): CellResult => ({
  index,
  items: text ? [{ kind: "text", text }] : [],
});
const accepted = (body: string, ...texts: string[]) => {
  const chapter = parse(markdown(body), path);
  return print(withOutputs(chapter, texts.map((text, index) => result(index, text))))
    .slice(markdown("").length);
};

const cell = "```ts\n1;\n```\n";
const output = (text: string) => `\`\`\`output\n${text}\n\`\`\`\n`;

test("an output is inserted, replaced, taken away or left alone", () => {
  assert.is(accepted(`${cell}\nText.\n`, "1\n2"), `${cell}\n${output("1\n2")}\nText.\n`);
  assert.is(accepted(`${cell}Text.\n`, "1"), `${cell}\n${output("1")}\nText.\n`);
  assert.is(
    accepted(`${cell}\n${output("old")}\nText.\n`, "new"),
    `${cell}\n${output("new")}\nText.\n`,
  );
  assert.is(accepted(`${cell}\n\n${output("old")}\nText.\n`, ""), `${cell}\nText.\n`);
  assert.is(
    accepted(`${cell}${cell}`, "1", "2"),
    `${cell}\n${output("1")}\n${cell}\n${output("2")}`,
  );
  const same = `${cell}\n\n\n~~~~output  \n1\n~~~~~\nText.`;
  assert.is(accepted(same, "1"), same);
});

test("an output that holds a fence gets a longer one, and comes back", () => {
  const text = "a\n```\n  ````x\n";
  const written = accepted(cell, text);
  assert.is(written, `${cell}\n\`\`\`\`\`output\n${text}\n\`\`\`\`\`\n`);
  assert.is(accepted(written, text), written);
});

test("a chapter in CRLF, or without a last line end, stays as it is around the output", () => {
  const crlf = parse(markdown(`${cell}\nText.`).replaceAll("\n", "\r\n"), path);
  assert.is(
    print(withOutputs(crlf, [result(0, "1\n2")])),
    markdown(`${cell}\n${output("1\n2")}\nText.`).replaceAll("\n", "\r\n"),
  );
  assert.is(accepted(cell.trimEnd(), "1"), `${cell}\n${output("1")}`);
});

test("a stale output is named at its first differing line, with both versions", () => {
  const chapter = parse(markdown(`${cell}\n${output("same\nold")}`), path);
  const said = staleOutputs(chapter, [result(0, "same\nnew")]).map(String);
  assert.is(said.length, 1);
  assert.match(said[0]!, `${path}:16: error: cell 1 prints something else than its output says\n`);
  assert.match(said[0]!, "the output says: |old|\n  the cell prints: |new|\n");
  assert.match(String(staleOutputs(chapter, [result(0, "same")])[0]), ":16: error:");
  assert.match(String(staleOutputs(chapter, [result(0, "same\nold\nmore")])[0]), ":17: error:");
  assert.equal(staleOutputs(chapter, [result(0, "same\nold")]), []);
  const none = parse(markdown(cell), path);
  assert.match(String(staleOutputs(none, [result(0, "x")])[0]), ":10: error:");
});

test("a line wider than 80 columns is named", () => {
  const chapter = parse(markdown(cell), path);
  assert.equal(wideOutputs(chapter, [result(0, "x".repeat(80))]), []);
  const [problem] = wideOutputs(chapter, [result(0, `a\n${"x".repeat(81)}`)]);
  assert.match(String(problem), `${path}:10: error: cell 1 prints a line of 81 columns`);
});

test.run();
