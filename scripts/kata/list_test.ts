// Katas are found, ordered and read; what is wrong with one is said at its line.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { findKata, loadKatas, parseHints, parseReadme } from "./list.ts";
import { exercise, hints, readme, toyProject } from "./toy.ts";

test("loadKatas() orders by chapter, then as the chapter lists them", async () => {
  const files: Record<string, string> = {
    "chapters/01-later.md": "---\nkatas: [zebra, ant]\n---\n",
    "kata/02-gone/attempt.ts": "// left over from another branch\n",
  };
  for (const dir of ["01-ant", "01-zebra", "01-bee"]) {
    files[`kata/${dir}/README.md`] = readme;
    files[`kata/${dir}/hints.md`] = hints;
    files[`kata/${dir}/exercise.ts`] = exercise;
  }
  await toyProject(files);
  const katas = await loadKatas();
  assert.equal(katas.map((kata) => kata.slug), ["the-sum", "zebra", "ant", "bee"]);
  const { brief, ...rest } = katas[0]!;
  assert.equal(rest, {
    slug: "the-sum",
    chapter: "00",
    dir: "kata/00-the-sum",
    title: "The sum",
    hints: ["Look at what is not used.", "Two parameters, one result.", "Write `a + b`."],
    exercise,
    minutes: 5,
  });
  assert.match(brief, /^# The sum\n[^]*minutes\.$/);
});

function said(read: () => unknown): string {
  try {
    read();
    return "no problem";
  } catch (error) {
    return String(error).split("\n")[0]!;
  }
}

test("parseReadme() names the line of what is missing", () => {
  const told = (text: string) => said(() => parseReadme(text, "kata/00-x/README.md"));
  assert.is(told(readme), "no problem");
  assert.is(told("The sum\n"), "kata/00-x/README.md:1: error: a kata opens with its title");
  assert.match(told("# A\n\ntext"), "README.md:3: error: the time it takes is missing");
  assert.match(
    told(`${readme}\n## Hints\n`),
    "README.md:9: error: hints stand in plain sight",
  );
});

test("parseHints() names the line of a heading that is not the next", () => {
  const told = (text: string) => said(() => parseHints(text, "kata/00-x/hints.md"));
  assert.is(told(hints), "no problem");
  assert.match(
    told(hints.replace("## Hint 2", "## Hint 3")),
    `hints.md:7: error: expected the heading "## Hint 2"`,
  );
});

test("findKata() takes a slug with or without its number, and names the nearest otherwise", async () => {
  const katas = await loadKatas();
  assert.is(findKata(katas, "the-sum").slug, "the-sum");
  assert.is(findKata(katas, "00-the-sum").slug, "the-sum");
  assert.throws(() => findKata(katas, "teh-sum"), /there is no kata "teh-sum"/);
  assert.throws(() => findKata(katas, "03-the-sum"));
});

test.run();
