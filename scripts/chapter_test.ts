import { test } from "uvu";
import * as assert from "uvu/assert";
import { chapter } from "./chapter.ts";
import {
  chapterTask,
  copyForTests,
  filler,
  ledgerOf,
  markdown,
  permissions,
} from "./notebook/testing.ts";
import { firstHidden } from "./tool/printable.ts";
import { refusal } from "./tool/refusal.ts";

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

const folder = await copyForTests({ "00-first.md": current, "ledger.yaml": ledgerOf("x") });
const write = (text: string) => Deno.writeTextFile(`${folder}/${first}`, text);
const stored = () => Deno.readTextFile(`${folder}/${first}`);
/** Does something while there is one more chapter. */
const beside = async (name: string, text: string, act: () => Promise<void>) => {
  const path = `${folder}/chapters/${name}`;
  await Deno.writeTextFile(path, text);
  try {
    await act();
  } finally {
    await Deno.remove(path);
  }
};

test.before.each(() => write(current));
test.after(() => Deno.remove(folder, { recursive: true }));

test("chapters are listed with their state, a line each", async () => {
  const { code, stdout, stderr } = await chapterTask(folder, []);
  assert.is(stderr, "");
  assert.is(stdout, "00  first  1 cell, current  Does it hold?\n");
  assert.is(code, 0);
});

test("a chapter is read and run by its slug or number, at 80 columns and at 40", async () => {
  const { code, stdout, stderr } = await chapterTask(folder, ["first"]);
  assert.is(stderr, "");
  assert.match(stdout, '\n    console.log("first");\n');
  assert.match(stdout, "\n\n| first\n| second mapcount\n");
  assert.match(stdout, "\ncolumns, with a link [1].");
  assert.match(stdout, "[1] https://example.org/x\n");
  assert.is(code, 0);
  const narrow = await chapterTask(folder, ["00"], { COLUMNS: "40" });
  assert.match(narrow.stdout, "\n\n| first\n| second mapcount\n");
  for (const line of narrow.stdout.split("\n")) assert.ok(line.length <= 40, line);
});

test("--check passes a chapter that is current", async () => {
  const { code, stdout } = await chapterTask(folder, ["--check"]);
  assert.is(stdout, "1 chapter, 1 cell: types hold, outputs are current, claims have sources\n");
  assert.is(code, 0);
});

test("--check names one changed character, one type error and one wide line at their lines", async () => {
  const wrong = 'console.log("first" satisfies number); console.log("x".repeat(81))';
  await write(
    current.replace("second mapcount\n```", "second mapcounts\n```")
      .replace('console.log("first")', wrong),
  );
  const { code, stderr } = await chapterTask(folder, ["--check"]);
  assert.match(stderr, `${first}:15:21: error: TS1360: Type 'string' does not satisfy`);
  assert.match(stderr, `${first}:14: error: cell \`one\` prints a line of 81 columns`);
  assert.match(stderr, `${first}:21: error: cell \`one\` prints something else`);
  assert.match(stderr, "|second mapcounts|");
  assert.is(code, 1);
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
  const fails = current.replace('console.log("first");', "throw new Error('no');");
  const wide = current.replace('console.log("first");', 'console.log("x".repeat(81));');
  await write(fails);
  await beside("01-wide.md", wide, async () => {
    const { code, stderr } = await chapterTask(folder, ["--accept"]);
    assert.match(stderr, /^chapters\/00-first\.md:15:7: error: cell `one` threw Error/m);
    assert.match(
      stderr,
      /^chapters\/01-wide\.md:14: error: cell `one` prints a line of 81 columns/m,
    );
    assert.is(code, 1);
    assert.is(await stored(), fails);
    assert.is(await Deno.readTextFile(`${folder}/chapters/01-wide.md`), wide);
  });
});

test("--kernel runs a chapter, here by its path, under another era; another name is no difference", async () => {
  const { code, stdout } = await chapterTask(folder, [first, "--kernel", "page_count"]);
  assert.match(stdout, "kernel: page_count, while the text speaks of");
  assert.match(stdout, "| second page_count\n");
  assert.not.match(stdout, "mapcount the cell prints");
  assert.is(code, 0);
});

test("a cell that comes out otherwise says on which eras, and with --kernel where it parts", async () => {
  const text = markdown(`\`\`\`ts id=pipe
import { Lab } from "sim";
const m = new Lab(kernel), A = 0x7000;
m.mmap(1, A);
m.store(1, A, "public");
const spy = m.fork(1);
m.vmsplice(spy, A);
m.munmap(spy, A);
m.store(1, A, "secret");
console.log(m.pipeRead());
\`\`\`
`);
  await beside("01-pipe.md", text, async () => {
    const { stdout: own } = await chapterTask(folder, ["pipe"]);
    assert.match(
      own,
      "on other eras: differs: not leaked on refcount_old, read_gup_breaks_cow to\n",
    );
    const { stdout } = await chapterTask(folder, ["pipe", "--kernel", "5.10.223"]);
    assert.match(
      stdout,
      `| public

differs: not leaked, from store(pid 1, 0x7000, "secret")

mapcount:

| do_wp_page (mapcount): reuse pfn 1: refcount 2, mapcount 1
`,
    );
    assert.match(stdout, "5.10.223:\n\n| do_wp_page (page_count): copy pfn 1");
    assert.match(stdout, "under mapcount the cell prints:\n\n| secret\n");
  });
});

test("what does not exist is answered with the nearest thing that does", async () => {
  const cases: [args: string[], expected: string][] = [
    [["--acept"], "Did you mean --accept?"],
    [["first", "--kernel", "mapcout"], "Did you mean mapcount?"],
    [["first", "--kernel"], "--kernel wants a value"],
    [["first", "--kernel", "nonsense"], "There are 5.4.38, 5.4.59"],
    [["--check", "--accept"], "exclude each other"],
    [["--step"], "are for reading a chapter: name one"],
  ];
  for (const [args, expected] of cases) assert.match(await refusal(chapter, args), expected);
  const inCourse: [args: string[], expected: string][] = [
    [["frist"], "Did you mean first?"],
    [["first", "--kernel", "6.9"], "between 6.8 (ro_longterm) and 6.12"],
    [["first", "--step", "one"], "no cell `one` shows a film"],
    [["--step", "first"], "deno task chapter first --step"],
  ];
  for (const [args, expected] of inCourse) {
    const { code, stdout, stderr } = await chapterTask(folder, args);
    assert.match(stderr, expected);
    assert.is(stdout, "");
    assert.is(code, 1);
  }
  assert.match((await chapterTask(folder, ["--help"])).stdout, "--kernel NAME");
});

test("a chapter that cannot be read does not hide the others", async () => {
  await beside("01-broken.md", markdown("```ts\n"), async () => {
    for (const args of [[], ["--check"], ["broken"]]) {
      const { code, stdout, stderr } = await chapterTask(folder, args);
      assert.match(stderr, "chapters/01-broken.md:10: error: this fence is never closed");
      assert.is(code, 1);
      if (args.length === 0) assert.match(stdout, "00  first  1 cell, current");
    }
    assert.is((await chapterTask(folder, ["first", "--check"])).code, 0);
  });
});

test("--check without chapters has proved nothing, and says so", async () => {
  await Deno.rename(`${folder}/chapters`, `${folder}/away`);
  await Deno.mkdir(`${folder}/chapters`);
  const said = "chapters: error: there are no chapters, and nothing was checked";
  try {
    const empty = await chapterTask(folder, ["--check"]);
    assert.equal([empty.code, empty.stdout], [1, ""]);
    assert.match(empty.stderr, said);
  } finally {
    await Deno.remove(`${folder}/chapters`);
    await Deno.rename(`${folder}/away`, `${folder}/chapters`);
  }
});

test("--check and --accept take the ends of lines of Windows and a mark in front", async () => {
  const ledger = `${folder}/chapters/ledger.yaml`, before = await Deno.readTextFile(ledger);
  const windows = (text: string) => `\ufeff${text.replaceAll("\n", "\r\n")}`;
  await write(windows(current));
  await Deno.writeTextFile(ledger, windows(before));
  const { code, stdout, stderr } = await chapterTask(folder, ["--check"]);
  assert.equal([code, stderr], [0, ""]);
  assert.match(stdout, "outputs are current");
  await write(windows(current.replace("second mapcount\n```", "old\n```")));
  assert.match((await chapterTask(folder, ["--accept"])).stdout, "1 output written");
  assert.is(await stored(), current, "what is written back ends its lines as the project does");
  await Deno.writeTextFile(ledger, before);
});

test("no escape of a chapter reaches the terminal: errors, stderr, front matter, fences, imports, names", async () => {
  const cell = (code: string, words = "") => markdown(`\`\`\`ts${words}\n${code}\n\`\`\`\n`);
  const clear = "\x1b[2J\x9b1m\u200e\u200f\u061c";
  const hostile: Record<string, string> = {
    "01-named.md": cell(`const e = new Error("x${clear}"); e.name = "E${clear}"; throw e;`),
    "02-leaves.md": cell(
      `Deno.stderr.writeSync(new TextEncoder().encode("said ${clear}")); Deno.exit(0);`,
    ),
    "03-front.md": current.replace("title: A test", 'title: "\\e[2J"'),
    "04-raw.md": current.replace("title: A test", `title: a${clear}`),
    "05-fence.md": cell("1;", ` id=${clear}`),
    "06-word.md": markdown(`\`\`\`ts${clear}\n1;\n\`\`\`\n`),
    "07-loads.md": cell(`import x from "npm:${clear}"; x;`),
    [`08-${clear}.md`]: current,
    "09-text.md": current.replace("# A test", `# A ${clear} \`${clear}\``)
      .replace("second mapcount\n", `second ${clear}\n`).replace("[x]:", `[x]: ${clear}`),
  };
  for (const [name, text] of Object.entries(hostile)) {
    await Deno.writeTextFile(`${folder}/chapters/${name}`, text);
  }
  try {
    for (const args of [[], ["--check"], ["text"], ["named"]]) {
      const { stdout, stderr } = await chapterTask(folder, args);
      for (const said of [stdout, stderr]) {
        const hidden = firstHidden(said);
        assert.is(hidden && said.slice(Math.max(hidden.at - 60, 0), hidden.at), undefined);
        assert.not.match(said, "mistake in the project");
      }
      if (args.length > 0) continue;
      for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) assert.match(stderr, `chapters/0${n}-`);
      assert.match(stderr, "\\u001b[2J\\u009b1m\\u200e\\u200f\\u061c");
    }
  } finally {
    for (const name of Object.keys(hostile)) await Deno.remove(`${folder}/chapters/${name}`);
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
  const runs = await Promise.all([1, 2].map(() => chapterTask(folder, [])));
  assert.equal(runs.map(({ code, stderr }) => [code, stderr]), runs.map(() => [0, ""]));
});

test.run();
