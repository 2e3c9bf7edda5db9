import { test } from "uvu";
import * as assert from "uvu/assert";
import { filmProblems } from "./films.ts";
import type { Item } from "./harness.ts";
import { predictProblems } from "./predict.ts";
import { parse } from "./markdown.ts";
import { chapterOf, markdown } from "./testing.ts";

const film = (...texts: string[]): Item => ({
  kind: "view",
  text: texts.join("\n"),
  svg: "<svg/>",
  steps: texts.map((text) => ({ operation: "", reasons: [], text, svg: "<svg/>", verdicts: [] })),
});
const picture: Item = { kind: "view", text: "1", svg: "<svg/>" };
const said = (marks: string, ...items: Item[]) =>
  String(filmProblems(chapterOf("films", "1;", marks), [{ index: 0, items }])[0] ?? "fine")
    .split("\n")[0];

test("a cell that is marked `steps` shows one film, and no other cell does", () => {
  const head = "chapters/90-films.md:10: error: cell 1";
  assert.is(said("steps", film("1", "2", "3")), "fine");
  assert.is(said("steps", picture, film("1", "2", "3")), "fine");
  assert.is(said("", picture), "fine");
  assert.is(said("", film("1", "2", "3")), `${head} shows a film and is not marked for it`);
  assert.is(said("steps", picture), `${head} is marked \`steps\` and shows no film`);
  assert.is(
    said("steps", film("1", "2", "3"), film("1", "2", "3")),
    `${head} is marked \`steps\` and shows 2 films`,
  );
  assert.is(said("steps", film("1", "2", "1")), `${head} shows a film of 2 pictures`);
});

test("a question is answered by the output, once", () => {
  const body = "```predict\nWhat?\n- this: `one`\n- that: `two`\n```\n\n```ts\n1;\n```\n";
  const chapter = parse(markdown(body), "chapters/90-predict.md");
  const said = (text: string) =>
    String(predictProblems(chapter, [{ index: 0, items: [{ kind: "text", text }] }])[0] ?? "fine")
      .split("\n")[0];
  const head = "chapters/90-predict.md:10: error: the output of the next cell";
  assert.is(said("a line with one in it\nand more"), "fine");
  assert.is(said("on\ne"), `${head} confirms no choice`);
  assert.is(said("two\none"), `${head} confirms more than one choice: a, b`);
});

test.run();
