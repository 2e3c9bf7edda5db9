// What `deno task chapter` says of a course of two chapters with a ledger, a question, a film and counted numbers.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { chapterTask, copyForTests, filler, ledgerOf, markdown } from "./notebook/testing.ts";

const film = "chapters/00-film.md";
const later = "chapters/01-later.md";
const texts: Record<string, string> = {
  "00-film.md": markdown(`# A film

Since 2.6.16 there is a _flag_, see [the source][a-page] and [\`steps\`](../sim/view/steps.ts).

\`\`\`ts
import { Lab, steps } from "sim";
\`\`\`

\`\`\`predict
What does the child find in the page that it has from its parent, after all that?

- what the parent had written before the child was born: \`the child reads old\`
- nothing at all: \`the child gets SIGSEGV\`
\`\`\`

\`\`\`ts id=accident steps
const m = new Lab(kernel);
m.mmap(1, 0x7000);
m.store(1, 0x7000, "old");
const child = m.fork(1);
m.store(1, 0x7000, "new");
console.log("the child reads", m.string(child, 0x7000));
count("events", m.trace.length > 0 ? 1 : 0, 2);
show(steps(m.trace));
\`\`\`

In [0](#count:accident.events) cases, [here](#accident).

${filler}## Sources

[a-page]: https://example.org/a-page
`),
  "01-later.md": markdown(`More of that [flag](00-film.md#accident).

\`\`\`ts
console.log(kernel.name);
\`\`\`

What Example said[.][a-page]

${filler}## Sources

[a-page]: https://example.org/a-page
`).replace("# A test", "# Later"),
  "ledger.yaml": ledgerOf("a-page"),
};
const folder = await copyForTests(texts);
const write = (name: string, text: string) =>
  Deno.writeTextFile(`${folder}/chapters/${name}`, text);
const restore = () => Promise.all(Object.entries(texts).map(([name, text]) => write(name, text)));
const first = (text: string) =>
  text.split("\n").filter((line) => /^\S+: (?:error|advice): /.test(line));

/** Breaks the course in several places at once, and returns what `--check` says, a line each. */
async function broken(changes: [name: string, from: string, to: string][]): Promise<string[]> {
  const changed = { ...texts };
  for (const [name, from, to] of changes) {
    assert.match(changed[name]!, from);
    changed[name] = changed[name]!.replace(from, () => to);
  }
  await Promise.all(Object.entries(changed).map(([name, text]) => write(name, text)));
  const { stderr, code } = await chapterTask(folder, ["--check"]);
  assert.is(code, 1);
  await restore();
  return first(stderr);
}

test.after(() => Deno.remove(folder, { recursive: true }));

test("--accept writes outputs and numbers, and then everything holds", async () => {
  const { stdout, code } = await chapterTask(folder, ["--accept"]);
  assert.match(stdout, `${film}:36: a number in the prose\n- 0\n+ 1 of 2\n`);
  assert.match(stdout, `${film}: 1 output and 1 number written\n`);
  assert.is(code, 0);
  for (const name of ["00-film.md", "01-later.md"]) {
    texts[name] = await Deno.readTextFile(`${folder}/chapters/${name}`);
  }
  assert.match(texts["00-film.md"]!, "In [1 of 2](#count:accident.events) cases");
  const checked = await chapterTask(folder, ["--check"]);
  assert.is(checked.stderr, "");
  assert.is(checked.code, 0);
});

test("a question stands before its cell, and the answer behind the output", async () => {
  for (const columns of [80, 40]) {
    const { stdout } = await chapterTask(folder, ["film"], { COLUMNS: String(columns) });
    assert.match(
      stdout,
      /\nWhat does the child find.*[^]*\n {2}a\) what the parent[^]*\n {2}b\) nothing/,
    );
    assert.match(stdout, /\n\| the child reads old\n[^]*\n\nThe output confirms a\.\n/);
    for (const line of stdout.split("\n")) assert.ok(line.length <= columns, line);
  }
});

test("--step without a terminal prints the film, by the cell's id or number or without", async () => {
  for (const args of [["--step"], ["--step", "accident"]]) {
    const { stdout, stderr, code } = await chapterTask(folder, ["film", ...args]);
    assert.is(stderr, "");
    assert.match(stdout, /^cell `accident`: \d pictures\n\n\S/);
    assert.is(code, 0);
  }
  const other = await chapterTask(folder, ["film", "--step=2", "--kernel", "page_count"]);
  assert.match(other.stdout, /^cell `accident`: \d pictures\n\n\S/);
  assert.match(other.stdout, "do_wp_page (page_count): copy pfn 1");
  const wrong = await chapterTask(folder, ["film", "--step", "acident"]);
  assert.match(wrong.stderr, "Did you mean accident?");
  assert.is(wrong.code, 1);
});

test("--claims and --terms tell how the course stands", async () => {
  const claims = await chapterTask(folder, ["--claims"]);
  const words = "[\\d,]+ words of prose, \\d+\\.\\d in a hundred are it, this, that, these, those";
  const lines = [film, later].flatMap((path) => [
    `${path}: 1 paragraph needs a source, 1 has one: 100 %`,
    `${path}: ${words}`,
  ]);
  assert.match(claims.stdout, new RegExp(`^${lines.join("\n")}\n$`));
  const terms = await chapterTask(folder, ["--terms"]);
  assert.is(terms.stdout, `flag  ${film}:12  first used ${later}:10\n`);
  assert.is((await chapterTask(folder, ["later", "--terms"])).stdout, "");
});

test("--check names what breaks at its file and line", async () => {
  // The film before them is as long as the simulator makes it.
  const lines = texts["00-film.md"]!.split("\n");
  const prose = `${film}:${lines.findIndex((line) => line.startsWith("In [")) + 1}`;
  const source = `${film}:${lines.findIndex((line) => line.startsWith("[a-page]:")) + 1}`;
  const found = await broken([
    ["00-film.md", "id=accident steps", "id=accident"],
    ["00-film.md", "reads old`", "reads x`"],
    ["00-film.md", "[the source][a-page]", "it"],
    ["00-film.md", "`steps`", "`stepz`"],
    ["00-film.md", "[1 of 2]", "[2]"],
    ["00-film.md", "[here](#accident)", "[here](#acident)"],
    ["01-later.md", "of that", "of a _flag_, that"],
    ["01-later.md", "kernel.name", '"x"'],
    ["01-later.md", "said[.][a-page]", "said."],
    ["01-later.md", filler, ""],
    ["ledger.yaml", "", ledgerOf("new")],
    ["ledger.yaml", "org/a-page", "org/b"],
  ]);
  assert.equal(found, [
    `${film}:12: error: this paragraph names 2.6.16 and has no source`,
    `${film}:12: error: sim/view/steps.ts declares no \`stepz\``,
    `${film}:18: error: the output of the next cell confirms no choice`,
    `${film}:25: error: cell \`accident\` shows a film and is not marked for it`,
    `${prose}: error: the text says 2, \`accident.events\` is 1 of 2`,
    `${prose}: error: ${film} has no cell and no heading \`acident\``,
    `${source}: error: \`a-page\` leads somewhere else than the ledger says`,
    `${source}: error: nothing above the sources cites \`a-page\``,
    `${later}:9: error: the chapter has 9 words`,
    `${later}:10: error: _flag_ is introduced a second time`,
    `${later}:12: error: cell 1 prints what does not come from the simulator`,
    `${later}:17: error: cell 1 prints something else than its output says`,
    `${later}:20: error: this paragraph names Example and has no source`,
    `${later}:24: error: \`a-page\` leads somewhere else than the ledger says`,
    `${later}:24: error: nothing above the sources cites \`a-page\``,
    "chapters/ledger.yaml:1: error: no chapter cites `new`",
    "chapters/ledger.yaml:7: error: no chapter cites `a-page`",
  ]);
  const kind = await broken([["ledger.yaml", "kind: page", "kind: pages"]]);
  assert.equal(kind, [
    `${film}:12: error: \`a-page\` is not in the ledger`,
    `${later}:20: error: \`a-page\` is not in the ledger`,
    "chapters/ledger.yaml:1: error: `a-page` is of the kind `pages`",
  ]);
});

test("one chapter is checked against the whole course, and the ledger's other entries are left alone", async () => {
  await write("ledger.yaml", texts["ledger.yaml"]! + ledgerOf("new"));
  const { stderr, code } = await chapterTask(folder, ["later", "--check"]);
  assert.is(stderr, "");
  assert.is(code, 0);
  await Deno.remove(`${folder}/chapters/ledger.yaml`);
  const without = await chapterTask(folder, ["later", "--check"]);
  assert.match(without.stderr, `${later}:20: error: a source is cited, and there is no ledger`);
  await restore();
});

test.run();
