import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "./markdown.ts";
import { quotedProblems } from "./quoted.ts";
import { markdown } from "./testing.ts";

const file = `/** What it is. */
export const one: Era = {
  ...zero,
  wpCanReuse: (page) => page.refcount === 1,

  other: true,
};
`;

const said = async (block: string, marks = "ignore file=sim/era.ts") => {
  const chapter = parse(markdown(`\`\`\`ts ${marks}\n${block}\n\`\`\`\n`), "chapters/90-quoted.md");
  const problems = await quotedProblems(
    chapter,
    (path) => Promise.resolve(path === "sim/era.ts" ? file : undefined),
  );
  return problems.map((problem) => String(problem).split("\n")[0]);
};

test("lines of a file may be quoted, with less indentation, and some left out", async () => {
  assert.equal(await said(file.trimEnd()), []);
  assert.equal(
    await said("...zero,\nwpCanReuse: (page) => page.refcount === 1,\n\nother: true,"),
    [],
  );
  assert.equal(await said("export const one: Era = {\n  // …\n  other: true,\n};"), []);
  assert.equal(await said("anything", "ignore"), []);
});

test("what the file does not have is named at its line", async () => {
  const old = "cell 1 is not the text of sim/era.ts any more", path = "chapters/90-quoted.md";
  assert.equal(await said("  ...zero,\n  wpCanReuse: (page) => page.mapcount === 1,"), [
    `${path}:12: error: ${old}`,
  ]);
  assert.equal(await said("    ...zero,"), [`${path}:11: error: ${old}`]);
  assert.equal(await said("  ...zero,\nwpCanReuse: (page) => page.refcount === 1,"), [
    `${path}:12: error: ${old}`,
  ]);
  assert.equal(await said("  other: true,\n// …\n  ...zero,"), [`${path}:13: error: ${old}`]);
  assert.equal(await said("export const one: Era = {\n  other: true,"), [
    `${path}:12: error: ${old}`,
  ]);
  assert.equal(await said("x", "ignore file=sim/eras.ts"), [
    `${path}:10: error: cell 1 quotes sim/eras.ts, and there is none`,
  ]);
});

test("what is quoted is not run", () => {
  const read = (marks: string) =>
    parse(markdown(`\`\`\`ts ${marks}\n1;\n\`\`\`\n`), "chapters/90-q.md");
  assert.throws(() => read("file=sim/era.ts"), /what is quoted from a file is not run/);
  assert.throws(
    () => read("ignore file=/etc/passwd"),
    /the mark `file=\/etc\/passwd` is malformed/,
  );
  assert.throws(() => read("ignore file=../era.ts"), /is malformed/);
});

test.run();
