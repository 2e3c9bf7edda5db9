import { test } from "uvu";
import * as assert from "uvu/assert";
import { bodyOf } from "./body.ts";
import { claimLines, claimProblems, claimsOf } from "./sources.ts";
import { parse } from "./markdown.ts";
import { markdown } from "./testing.ts";

const body = (text: string) => bodyOf(parse(markdown(text), "chapters/90-claims.md"));
const people = ["Torvalds", "Arcangeli"];
const named = (text: string) => claimsOf(body(text), people)[0]?.names;

test("a release, a date, a year or a person needs a source", () => {
  const cases: [text: string, names: string][] = [
    ["It came with 2.6.16, later", "2.6.16"],
    ["since v5.9-rc1", "v5.9-rc1"],
    ["every 4.x kernel", "4.x"],
    ["from 5.9 to 5.18.", "5.9"],
    ["Since 5.10.", "5.10"],
    ["(6.1.176)", "6.1.176"],
    ["in July\n2005.", "July 2005"],
    ["on 26 July 2005", "26 July 2005"],
    ["on 2005-07-26", "2005-07-26"],
    ["the 2006–2010 talks", "2006"],
    ["Since 2022 it does", "2022"],
    ["what Torvalds's patch does", "Torvalds"],
    ["- an item by Arcangeli", "Arcangeli"],
    ["> a quote of 1999", "1999"],
    ["| a | b |\n| - | - |\n| c | 5.8 |", "5.8"],
  ];
  for (const [text, names] of cases) assert.is(named(text), names, text);
});

test("a measure, a bigger number, code and a heading need none", () => {
  for (
    const text of [
      "It takes 4.5 ms, or 2.5 times as long, 3.2 KiB more, 5.2 %, 4.1–4.5 seconds",
      "2048 bytes, 0x2005, 12005, 2005.5, 1,999 and 2,005 things",
      "see section 4.2, or 1.5, or 8.1",
      "the code `v5.9 of 2020` is code",
      "CVE-2020-29374 has its year in its name",
      "# What 5.9 changed in 2020",
      "[an address](https://example.org/2020/5.9)",
      "an Arcangelian torvalds",
      "## Sources\n\n- 2005: something by Torvalds in 2.6.16",
    ]
  ) assert.is(named(text), undefined, text);
});

const text = `In 2005 it began[.][a]

In 2006 it
went on with 2.6.16.

Since 5.9 it is [otherwise](https://example.org/).

[a]: https://example.org/
`;

test("a paragraph without a reference link is named at the line of what it names", () => {
  assert.equal(claimProblems(body(text), []).map((problem) => String(problem).split("\n")[0]), [
    "chapters/90-claims.md:12: error: this paragraph names 2006 and has no source",
    "chapters/90-claims.md:15: error: this paragraph names 5.9 and has no source",
  ]);
});

test("the share of paragraphs that have a source is told in percent", () => {
  assert.equal(claimLines(body(text), []), [
    "chapters/90-claims.md: 3 paragraphs need a source, 1 has one: 33 %",
    "  chapters/90-claims.md:12: 2006",
    "  chapters/90-claims.md:15: 5.9",
  ]);
  assert.equal(claimLines(body("None."), []), [
    "chapters/90-claims.md: 0 paragraphs need a source, 0 have one: 100 %",
  ]);
});

test.run();
