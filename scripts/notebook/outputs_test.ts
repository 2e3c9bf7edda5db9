import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CellResult } from "./harness.ts";
import { applied, type Chapter, print } from "./chapter.ts";
import { parse } from "./markdown.ts";
import { staleOutputs, wideOutputs } from "./outputs.ts";
import { markdown } from "./testing.ts";

const path = "chapters/90-outputs.md";
const result = (index: number, text: string): CellResult => ({
  index,
  items: text ? [{ kind: "text", text }] : [],
});
const written = (chapter: Chapter, ...texts: string[]) => {
  const found = staleOutputs(chapter, texts.map((text, index) => result(index, text)));
  return applied(print(chapter), found.map(({ edit }) => edit!));
};
const accepted = (body: string, ...texts: string[]) =>
  written(parse(markdown(body), path), ...texts).slice(markdown("").length);

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
  const longer = accepted(cell, text);
  assert.is(longer, `${cell}\n\`\`\`\`\`output\n${text}\n\`\`\`\`\`\n`);
  assert.is(accepted(longer, text), longer);
});

test("a chapter in CRLF, or without a last line end, stays as it is around the output", () => {
  const crlf = parse(markdown(`${cell}\nText.`).replaceAll("\n", "\r\n"), path);
  assert.is(
    written(crlf, "1\n2"),
    markdown(`${cell}\n${output("1\n2")}\nText.`).replaceAll("\n", "\r\n"),
  );
  assert.is(accepted(cell.trimEnd(), "1"), `${cell}\n${output("1")}`);
});

const problems = (chapter: Chapter, text: string) =>
  staleOutputs(chapter, [result(0, text)]).map(({ problem }) => String(problem));

test("a stale output is named at its first differing line, with both versions", () => {
  const chapter = parse(markdown(`${cell}\n${output("same\nold")}`), path);
  const said = problems(chapter, "same\nnew");
  assert.is(said.length, 1);
  assert.match(said[0]!, `${path}:16: error: cell 1 prints something else than its output says\n`);
  assert.match(said[0]!, "the output says: |old|\n  the cell prints: |new|\n");
  assert.match(problems(chapter, "same")[0]!, ":16: error:");
  assert.match(problems(chapter, "same\nold\nmore")[0]!, ":17: error:");
  assert.equal(problems(chapter, "same\nold"), []);
  const none = parse(markdown(cell), path);
  assert.match(problems(none, "x")[0]!, ":10: error:");
});

test("a line wider than 80 columns is named", () => {
  const chapter = parse(markdown(cell), path);
  assert.equal(wideOutputs(chapter, [result(0, "x".repeat(80))]), []);
  const [problem] = wideOutputs(chapter, [result(0, `a\n${"x".repeat(81)}`)]);
  assert.match(String(problem), `${path}:10: error: cell 1 prints a line of 81 columns`);
});

test.run();
