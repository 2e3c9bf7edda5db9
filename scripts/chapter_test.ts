import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  chapterTask,
  copyOfProject,
  filler,
  ledgerOf,
  markdown,
  permissions,
} from "./notebook/testing.ts";

const body = `# A test

Some *prose* that is long enough to be wrapped where a terminal has only forty columns, with [a link][x].

\`\`\`ts id=one
console.log("first");
console.log("second", kernel.name);
\`\`\`

\`\`\`output
first
second mapcount
\`\`\`

${filler}## Sources

[x]: https://example.org/x
`;
const current = markdown(body);
const first = "chapters/00-first.md";

const folder = await copyOfProject({ "00-first.md": current, "ledger.yaml": ledgerOf("x") });
const write = (text: string) => Deno.writeTextFile(`${folder}/${first}`, text);
const stored = () => Deno.readTextFile(`${folder}/${first}`);

test.before.each(() => write(current));
test.after(() => Deno.remove(folder, { recursive: true }));

test("chapters are listed with their state, a line each", async () => {
  const { code, stdout, stderr } = await chapterTask(folder, []);
  assert.is(stderr, "");
  assert.is(stdout, "00  first  1 cell, current  Does it hold?\n");
  assert.is(code, 0);
});

test("a chapter is read and run, at 80 columns and at 40", async () => {
  const names = ["first", "00", first];
  for (
    const { code, stdout, stderr } of await Promise.all(
      names.map((name) => chapterTask(folder, [name])),
    )
  ) {
    assert.is(stderr, "");
    assert.match(stdout, '\n    console.log("first");\n');
    assert.match(stdout, "\n\n| first\n| second mapcount\n");
    assert.match(stdout, "\ncolumns, with a link [1].");
    assert.match(stdout, "[1] https://example.org/x\n");
    assert.is(code, 0);
  }
  const narrow = await chapterTask(folder, ["first"], { COLUMNS: "40" });
  for (const line of narrow.stdout.split("\n")) assert.ok(line.length <= 40, line);
});

test("--check passes a chapter that is current", async () => {
  const { code, stdout } = await chapterTask(folder, ["--check"]);
  assert.is(stdout, "1 chapter, 1 cell: types hold, outputs are current, claims have sources\n");
  assert.is(code, 0);
});

test("--check names one changed character and one type error at their lines", async () => {
  await write(current.replace("second mapcount\n```", "second mapcounts\n```"));
  const output = await chapterTask(folder, ["first", "--check"]);
  assert.match(output.stderr, `${first}:21: error: cell \`one\` prints something else`);
  assert.match(output.stderr, "|second mapcounts|");
  assert.is(output.code, 1);
  const wrong = 'console.log("first" satisfies number); console.log("x".repeat(81))';
  await write(current.replace('console.log("first")', wrong));
  const types = await chapterTask(folder, ["--check"]);
  assert.match(types.stderr, `${first}:15:21: error: TS1360: Type 'string' does not satisfy`);
  assert.match(types.stderr, `${first}:14: error: cell \`one\` prints a line of 81 columns`);
  assert.is(types.code, 1);
});

test("--accept writes the outputs, says what changed, and then has nothing to do", async () => {
  await write(current.replace("first\nsecond mapcount\n```", "```").replace('"first"', '"1st"'));
  const { code, stdout } = await chapterTask(folder, ["--accept"]);
  assert.is(
    stdout,
    `${first}:20: cell \`one\`\n+ 1st\n+ second mapcount\n${first}: 1 output written\n`.replace(
      ":19:",
      ":14:",
    ),
  );
  assert.is(code, 0);
  assert.is(await stored(), current.replace('"first"', '"1st"').replace("\nfirst\n", "\n1st\n"));
  const again = await chapterTask(folder, ["first", "--accept"]);
  assert.is(again.stdout, `${first}: nothing to change\n`);
});

test("--accept leaves a chapter alone whose cell fails or prints too wide a line", async () => {
  for (const code of ["throw new Error('no');", 'console.log("x".repeat(81));']) {
    const text = current.replace('console.log("first");', code);
    await write(text);
    const { code: status, stderr } = await chapterTask(folder, ["--accept"]);
    assert.match(stderr, /^chapters\/00-first\.md:1\d.*: error: cell `one`/);
    assert.is(status, 1);
    assert.is(await stored(), text);
  }
});

test("--kernel runs a chapter under another era and shows what differs", async () => {
  const { code, stdout } = await chapterTask(folder, ["first", "--kernel", "page_count"]);
  assert.match(stdout, "kernel: page_count, while the text speaks of");
  assert.match(stdout, "| second page_count\n\nunder mapcount:\n| second mapcount\n");
  assert.is(code, 0);
});

test("what does not exist is answered with the nearest thing that does", async () => {
  const cases: [args: string[], expected: string][] = [
    [["frist"], "Did you mean first?"],
    [["--acept"], "Did you mean --accept?"],
    [["first", "--kernel", "mapcout"], "Did you mean mapcount?"],
    [["first", "--kernel"], "--kernel wants a name"],
    [["first", "--kernel", "nonsense"], "There are refcount_old, mapcount"],
    [["--check", "--accept"], "exclude each other"],
    [["first", "--step", "one"], "no cell `one` shows a film"],
    [["--step"], "are for reading a chapter: name one"],
  ];
  await Promise.all(cases.map(async ([args, expected]) => {
    const { code, stdout, stderr } = await chapterTask(folder, args);
    assert.match(stderr, expected);
    assert.is(stdout, "");
    assert.is(code, 1);
  }));
  assert.match((await chapterTask(folder, ["--help"])).stdout, "--kernel page_count");
});

test("a chapter that cannot be read does not hide the others", async () => {
  const broken = `${folder}/chapters/01-broken.md`;
  await Deno.writeTextFile(broken, markdown("```ts\n"));
  try {
    for (const args of [[], ["--check"], ["broken"]]) {
      const { code, stderr } = await chapterTask(folder, args);
      assert.match(stderr, "chapters/01-broken.md:10: error: this fence is never closed");
      assert.is(code, 1);
    }
    assert.is((await chapterTask(folder, ["first", "--check"])).code, 0);
  } finally {
    await Deno.remove(broken);
  }
});

test("where .woven/ cannot be written, chapters run and are checked all the same", async () => {
  await Deno.remove(`${folder}/.woven`, { recursive: true });
  await Deno.writeTextFile(`${folder}/.woven`, "in the way");
  try {
    assert.match((await chapterTask(folder, ["first"])).stdout, "\n| second mapcount\n");
    await write(current.replace('"second"', "Lab"));
    const { stderr } = await chapterTask(folder, ["--check"]);
    assert.match(stderr, `${first}:16:13: error: TS2304: Cannot find name 'Lab'.`);
    assert.match(stderr, `${first}:16:13: error: cell \`one\` threw ReferenceError`);
    assert.not(stderr.includes("base64"), stderr);
  } finally {
    await Deno.remove(`${folder}/.woven`);
  }
});

test("a reader who closes the pipe hears nothing of it", async () => {
  const child = new Deno.Command("deno", {
    args: ["run", ...permissions, "scripts/chapter.ts", "first"],
    cwd: folder,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await child.stdout.cancel();
  assert.is(await new Response(child.stderr).text(), "");
  assert.is((await child.status).code, 0);
});

test("two runs at once do not get in each other's way", async () => {
  await write(current.replace("Some", "More").replace("# A test", "# A test\n\nOne line more."));
  const runs = await Promise.all([1, 2, 3].map(() => chapterTask(folder, [])));
  assert.equal(runs.map(({ code, stderr }) => [code, stderr]), runs.map(() => [0, ""]));
});

test.run();
