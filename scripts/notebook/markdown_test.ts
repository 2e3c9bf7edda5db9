import { test } from "uvu";
import * as assert from "uvu/assert";
import { Problem } from "../tool/problem.ts";
import { cellsOf, linesOf, outputOf, print } from "./chapter.ts";
import { parse } from "./markdown.ts";
import { markdown } from "./testing.ts";

const path = "chapters/07-a-test.md";

/** The first line of the problem that a chapter's body is refused with. */
function refusal(source: string): string {
  try {
    parse(source, path);
  } catch (error) {
    if (error instanceof Problem) return String(error).split("\n")[0]!;
    throw error;
  }
  return "accepted";
}

/** Numbers from 0 up to `below`, the same ones in every run (mulberry32). */
function dice(seed: number): (below: number) => number {
  return (below) => {
    seed = seed + 0x6d2b79f5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, seed | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    return ((t ^ t >>> 14) >>> 0) % below;
  };
}

const blocks = [
  "Plain prose,\nin two lines.",
  "# A heading",
  "```ts\nconst a = 1;\n```",
  "```ts\nlet b = `\n\n```;\n`;\n```".replace("```;", "'';"),
  "````ts\nconst fence = `\n```\n`;\n````",
  "~~~ts\nlet c = 1;\n~~~~",
  "```ts ignore\nnot run\n```",
  "```ts\nconsole.log(1);\n```\n\n```output\n1\n```",
  "```ts\nconsole.log(1);\n```\n```output\n```",
  "```ts\nconsole.log(1);\n```\n\n\n\n````output\n```\n````",
  "~~~text\n```ts\nnot a cell\n```\n~~~",
  "````md\n```ts\nnot a cell\n```\n````",
  "    ```js\n    indented code, or a fence if a list comes before it\n    ```",
  "```predict\nWhat is it?\n- one: `1`\n- two,\n  or more: `2`\n```\n\n\n```ts steps\nlet d;\n```",
  "```console\n$ deno task chapter\n```",
  "> a quote\n> goes on",
  "- a list\n- of two\n\n  ```sh\n  in a list\n  ```",
  "| a | b |\n| - | - |\n| 1 | 2 |",
  "<!-- a comment -->",
  "trailing blanks  \nand\ta tab",
  "a lone \r, a \u2028 and a \u2029 in prose",
  "",
  "   ",
];

test("print() gives back what parse() was given, byte for byte", () => {
  const roll = dice(20_051_213);
  for (let round = 0; round < 400; round++) {
    const parts = Array.from({ length: roll(8) }, () => blocks[roll(blocks.length)]!);
    let source = markdown(parts.map((part) => `${part}\n${"\n".repeat(1 + roll(2))}`).join(""));
    if (roll(3) === 0) source = source.replaceAll("\n", "\r\n");
    if (roll(3) === 0) source = source.trimEnd();
    if (roll(4) === 0) source = `\ufeff${source}`;
    const chapter = parse(source, path);
    assert.is(print(chapter), source);
    let line = linesOf(chapter.head).length + 1;
    for (const segment of chapter.segments) {
      assert.is(segment.line, line, "a segment's line is where its source stands");
      line += linesOf(segment.source).length;
    }
  }
});

test("a cell, its marks and its output are told from the prose", () => {
  const chapter = parse(
    markdown(
      "Text.\n\n```ts id=one throws=EFAULT\nlet a;\n```\n\n```output\nx\n\ny\n```\n\nMore.\n",
    ),
    path,
  );
  assert.equal(chapter.segments.map(({ kind, line }) => [kind, line]), [
    ["prose", 9],
    ["cell", 12],
    ["prose", 15],
    ["output", 16],
    ["prose", 21],
  ]);
  const [cell] = cellsOf(chapter);
  assert.equal(cell!.marks, { id: "one", throws: "EFAULT" });
  assert.is(cell!.code, "let a;\n");
  assert.is(outputOf(chapter, cell!)!.text, "x\n\ny");
  assert.is(chapter.number + chapter.slug, "07a-test");
});

const question =
  "```predict\nWhat does\nit `print`?\n\n- a *word*: `one`\n- `two`, or\n  `three`\n```\n";

test("a question has its choices, and the cell that answers it", () => {
  for (const eol of ["\n", "\r\n"]) {
    const body = `Text.\n\n\`\`\`ts\n\`\`\`\n\n${question}\n\`\`\`ts\nlet a;\n\`\`\`\n`;
    const chapter = parse(markdown(body).replaceAll("\n", eol), path);
    const predict = chapter.segments.find(({ kind }) => kind === "predict");
    assert.equal({ ...predict, source: "" }, {
      kind: "predict",
      line: 15,
      source: "",
      question: "What does it `print`?",
      choices: [
        { text: "a *word*: `one`", confirms: "one" },
        { text: "`two`, or `three`", confirms: "three" },
      ],
      cell: 1,
    });
  }
});

test("an output in CRLF reads like one in LF", () => {
  const source = markdown("```ts\n1;\n```\n```output\nx\ny\n```\n").replaceAll("\n", "\r\n");
  const chapter = parse(source, path);
  assert.is(outputOf(chapter, cellsOf(chapter)[0]!)!.text, "x\ny");
});

test("what a chapter may not hold is refused at its line", () => {
  const cases: [body: string, expected: string][] = [
    ["```ts\nlet a;\n", ":10: error: this fence is never closed"],
    ["````ts\nlet a;\n```\n", ":10: error: this fence is never closed"],
    ["~~~text\n```\n", ":10: error: this fence is never closed"],
    ["```ts id=a\n```\n\n```ts id=a\n```\n", ":13: error: another cell has the id `a`"],
    ["```ts ignored\n```\n", ":10: error: a cell has no mark `ignored`"],
    ["```ts steps ignore\n```\n", ":10: error: a cell that is not run shows no film"],
    ["```ts id\n```\n", ":10: error: the mark `id` is malformed"],
    ["```ts ignore=yes\n```\n", ":10: error: the mark `ignore=yes` is malformed"],
    ["```ts id=a id=b\n```\n", ":10: error: the mark `id` stands here twice"],
    ["```ts ignore throws=E\n```\n", ":10: error: a cell that is not run throws nothing"],
    ["```ts,ignore\n```\n", ":10: error: a fence in `ts,ignore` looks like a cell and is none"],
    ["```TS\n```\n", ":10: error: a fence in `TS` looks like a cell and is none"],
    ["```predict\n```\n", ":10: error: nothing is asked here"],
    ["```predict\nWhat?\n- `1`\n```\n", ":10: error: a question has at least two choices"],
    ["```predict\nWhat?\n- `1`\n- two\n```\n", ":13: error: this choice does not say what would"],
    [question, ":10: error: this question is followed by no cell that runs"],
    [`${question}\nText.\n`, ":10: error: this question is followed by no cell"],
    [`${question}${question}\`\`\`ts\n\`\`\`\n`, ":10: error: this question is followed by no"],
    [`${question}\`\`\`ts ignore\n\`\`\`\n`, ":10: error: this question is followed by no"],
    [`${question}Text.\n\n\`\`\`ts\n\`\`\`\n`, ":10: error: this question is followed by no cell"],
    [`> ${question.replaceAll("\n", "\n> ")}\n`, ":10: error: here Markdown does not show"],
    ["```output\nx\n```\n", ":10: error: this output follows no cell that runs"],
    ["```ts\n```\n\ntext\n\n```output\n```\n", ":15: error: this output follows no cell that runs"],
    ["```ts ignore\n```\n```output\n```\n", ":12: error: this output follows no cell that runs"],
    [
      "```ts\n```\n```output\n```\n```output\n```\n",
      ":14: error: this output follows no cell that runs",
    ],
    ["  ```ts\n  ```\n", ":10: error: the fence is indented"],
    ["```ts\nlet a = '\u2028';\n```\n", ":11:10: error: the cell holds the line end \\u2028"],
    ["```ts\nlet a;\rlet b;\n```\n", ":11:7: error: the cell holds the line end \\u000d"],
    ["<!--\n```ts\nlet a;\n```\n-->\n", ":11: error: here Markdown does not show the cells"],
    ["> ```ts\n> let a;\n> ```\n", ":10: error: here Markdown does not show the cells"],
    ["1. one\n\n    ```ts\n    let a;\n    ```\n", ":12: error: here Markdown does not show"],
  ];
  for (const [body, expected] of cases) {
    assert.ok(refusal(markdown(body)).startsWith(`${path}${expected}`), refusal(markdown(body)));
  }
});

test("each field of the front matter is checked at its line", () => {
  const good = markdown("");
  assert.is(refusal(good), "accepted");
  const cases: [from: string, to: string, expected: string][] = [
    ["minutes: 1", "minuets: 1", ":7: error: the front matter has no field `minuets`"],
    ["minutes: 1", "minutes: 1.5", ":7: error: the front matter's `minutes` is wrong"],
    ["minutes: 1\n", "", ":1: error: the front matter's `minutes` is missing"],
    ['years: "2005"', "years: 2005", ":4: error: the front matter's `years` is wrong"],
    ["title: A test", "title:", ":2: error: the front matter's `title` is missing"],
    ["katas: []", "katas: none", ":6: error: the front matter's `katas` is wrong"],
    ["katas: []", "katas: [1]", ":6: error: the front matter's `katas` is wrong"],
    ["question: Does it hold?", "question: a: b", ":3:12: error: the front matter is not YAML"],
    ["kernel: mapcount", "title: again", ":5:1: error: the front matter is not YAML"],
    ["---\n", "", ":1: error: a chapter begins with front matter"],
  ];
  for (const [from, to, expected] of cases) {
    const said = refusal(good.replace(from, to));
    assert.ok(said.startsWith(`${path}${expected}`), said);
  }
});

test("a file that is not named NN-slug.md is no chapter", () => {
  assert.throws(() => parse(markdown(""), "chapters/1-one.md"), /is named for its number/);
});

test.run();
