import { test } from "uvu";
import * as assert from "uvu/assert";
import { bodyOf } from "./body.ts";
import { limitAdvice, limitProblems, wordCount, wordLine } from "./limits.ts";
import { parse } from "./markdown.ts";
import { markdown } from "./testing.ts";

const words = (count: number) => "word ".repeat(count).trim();
const cell = (lines = 1) => `\`\`\`ts\n${"1;\n".repeat(lines)}\`\`\``;
const question = "```predict\nWhat?\n- `1`\n- `2`\n```\n\n```ts\n1;\n```";
const body = (...parts: string[]) =>
  bodyOf(parse(markdown(parts.map((part) => `${part}\n\n`).join("")), "chapters/90-limits.md"));
/** What is said, without the chapter's own length. */
const said = (...parts: string[]) =>
  limitProblems(body(...parts)).map((problem) => String(problem).split("\n")[0]!)
    .filter((text) => !text.includes("the chapter has"));

test("words are those of the prose, headings and lists; code and tables are no prose, a code span is a word", () => {
  const text = "# Two words\n\nA `code span of six words here` — and **three** more.\n\n- one\n" +
    "- two\n\n| a | b |\n| - | - |\n| c | d |";
  assert.is(wordCount(body(text, cell(), "```sh\nnot prose\n```", "## Sources", words(50))), 9);
});

test("wordLine() counts words that point: 3 of 13, and none in code, tables and sources", () => {
  const prose = "It points; that's all of this. Itself, a that-clause and `it` do not.";
  const rest = "| it | that |\n| - | - |\n| it | this |\n\n## Sources\n\nThis, that and those.";
  assert.is(
    wordLine(body(prose, rest)),
    "chapters/90-limits.md: 13 words of prose, 23.1 in a hundred are it, this, that, these, those",
  );
  assert.match(wordLine(body("")), ": 0 words of prose, 0.0 in a hundred");
});

test("a cell of more than 14 lines is advised against, one of more than 20 is refused", () => {
  const path = "chapters/90-limits.md";
  assert.equal(said(cell(20)), []);
  assert.equal(said("x", cell(21)), [`${path}:12: error: cell 1 has 21 lines`]);
  assert.equal(limitAdvice(body(cell(14), cell(21))), []);
  assert.equal(limitAdvice(body(cell(15))), [
    `${path}:10: advice: cell 1 has 15 lines; up to 14 are read at a glance`,
  ]);
});

test("more than 250 words without something to see or to do are named at their first line", () => {
  const long = "here are 251 words without a cell, a picture or a question";
  assert.equal(said(words(250), cell(), words(250), question, words(250)), []);
  assert.equal(said(words(250), "![a picture](x.svg)", words(249)), []);
  assert.equal(said(words(200), "# A heading", words(49)), [
    `chapters/90-limits.md:10: error: ${long}`,
  ]);
  assert.equal(said(cell(), "```sh\n```", words(125), words(126)), [
    `chapters/90-limits.md:17: error: ${long}`,
  ]);
  assert.equal(said(cell(), words(200), "## Sources", words(200)), []);
});

test("a chapter has from 2,000 to 4,000 words", () => {
  const chapter = (count: number) =>
    limitProblems(body(...Array(count / 100).fill(`${words(100)}\n\n${cell()}`)));
  assert.equal(chapter(2000), []);
  assert.equal(chapter(4000), []);
  for (const count of [1900, 4100]) {
    const [problem] = chapter(count);
    assert.match(String(problem), `chapters/90-limits.md:9: error: the chapter has ${count} words`);
  }
});

test.run();
