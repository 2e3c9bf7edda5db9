import { test } from "uvu";
import * as assert from "uvu/assert";
import { Problem } from "../tool/problem.ts";
import type { Limits } from "../tool/limited.ts";
import { outputText } from "./harness.ts";
import { type Chapter } from "./chapter.ts";
import { parse } from "./markdown.ts";
import { runChapters } from "./run.ts";
import { chapterOf, markdown } from "./testing.ts";

/** Chapters whose cell (line 10, code from line 11) must not get through, and the first line of what is said. */
const hostile: [slug: string, code: string, expected: string][] = [
  [
    "read-by-attribute",
    'import secret from "../deno.json" with { type: "json" };\nconsole.log(secret);',
    ':11:1: error: this imports "../deno.json"',
  ],
  ["npm", 'import { z } from "npm:zod";', ':11:1: error: this imports "npm:zod"'],
  ["https", 'import "https://example.org/x.ts";', ":11:1: error: this imports"],
  ["dynamic", 'const name = "node:fs";\nawait import(name);', ":12:7: error: import() is not"],
  ["read", 'Deno.readTextFileSync("deno.json");', ":11:6: error: cell 1 threw NotCapable"],
  [
    "socket",
    'await Deno.connect({ hostname: "127.0.0.1", port: 9 });',
    ":11:12: error: cell 1 threw NotCapable",
  ],
  [
    "million-lines",
    "for (let line = 0; line < 1_000_000; line++) {\n  console.log(line);\n}",
    ":12:11: error: cell 1 printed more than 1,000 lines",
  ],
  ["exit", "process.exit(0);", ":10: error: cell 1 ended the process with status 0"],
  // Not asked for by name, and as hostile.
  ["deno-exit", "Deno.exit(3);", ":10: error: cell 1 ended the process with status 3"],
  ["never", "await new Promise(() => {});", ":10: error: cell 1 waits for a promise that never"],
  [
    "stray",
    'Deno.stdout.writeSync(new TextEncoder().encode("forged\\n"));',
    ":10: error: cell 1 writes to stdout by itself",
  ],
  ["late", "setTimeout(() => console.log(1), 1);", ":11:26: error: cell 1 printed after the last"],
  ["rejects", 'Promise.reject(new Error("no"));', ":11:16: error: cell 1 threw Error"],
  ["no-error", "throw null;", ":10: error: cell 1 threw something that is no Error"],
  ["no-link", 'import { nothing } from "sim";\nnothing();', ":11:10: error: "],
  ["no-syntax", "const a = ;", ":11:11: error: cell 1 does not parse"],
  [
    "eval-import",
    "await (0, eval)('import(\"file:///etc/hostname\")');",
    ":11:1: error: cell 1 threw TypeError",
  ],
  [
    "eval-attribute",
    "await new Function(\"return import('file:///etc/hostname', { with: { type: 'text' } })\")();",
    ": error: cell 1 threw TypeError",
  ],
  [
    "deep",
    "function f(): number {\n  return f() + 1;\n}\nf();",
    ": error: cell 1 threw RangeError",
  ],
  // A cell that says where cells begin would hide what it prints, or never be stopped.
  ["marks", "for (;;) __cell(1);", ":11:10: error: cell 1 calls __cell(), by which"],
  ["hides", '__cell("", 99);\nconsole.log("hidden");', ":11:1: error: cell 1 calls __cell(), by"],
  ["marks-by-eval", "eval('__cell(\"key\", 99)');", ": error: cell 1 calls __cell(), by which"],
  ["threw", '__threw("", new Error("no"));', ":11:1: error: cell 1 calls __threw(), by which"],
  ["enters", '__chapter("mine", "key");', ":11:1: error: cell 1 threw TypeError"],
  [
    "counts",
    "for (let i = 0;; i++) count(`a${i}`, i);",
    ":11:23: error: cell 1 counted more than 100 things",
  ],
  [
    "buffers",
    "const kept = [];\nfor (;;) kept.push(new Uint8Array(50e6).fill(1));",
    ":12:20: error: cell 1 threw RangeError",
  ],
  [
    "heap",
    "const kept: unknown[] = [];\nfor (;;) kept.push(new Array(1e5).fill({}));",
    ":10: error: cell 1 ran out of memory",
  ],
  [
    "workers",
    `const at = "data:text/javascript," + encodeURIComponent(
  "const kept = []; for (;;) kept.push(new Array(1e6).fill(1.5));",
);
for (let i = 0; i < 4; i++) new (globalThis as any).Worker(at, { type: "module" });
await new Promise((end) => setTimeout(end, 20_000));`,
    ":10: error: cell 1 ran out of memory",
  ],
  ["era", "1;", ":5: error:"],
];

const good = (slug: string): Chapter =>
  chapterOf(slug, 'import { Lab } from "sim";\nconsole.log(kernel.name, typeof Lab);');

test("each hostile cell is named at its line, and the chapters around it run", async () => {
  const chapters = hostile.flatMap(([slug, code]) => {
    const chapter = chapterOf(slug, code);
    if (slug === "era") chapter.front.kernel = "mapcout";
    return [good(`before-${slug}`), chapter];
  });
  const runs = await runChapters([...chapters, good("last")]);
  for (const { slug } of chapters.filter(({ slug }) => slug.startsWith("before-"))) {
    assert.is(String(runs.get(slug)!.problem ?? "fine"), "fine", slug);
    assert.is(outputText(runs.get(slug)!.cells[0]), "mapcount function");
  }
  assert.is(outputText(runs.get("last")!.cells[0]), "mapcount function");
  for (const [slug, , expected] of hostile) {
    const said = String(runs.get(slug)!.problem);
    const [head] = said.split("\n");
    if (!expected.startsWith(": ")) {
      assert.ok(head!.startsWith(`chapters/90-${slug}.md${expected}`), said);
    } else {assert.ok(
        head!.startsWith(`chapters/90-${slug}.md:1`) && head!.includes(expected),
        said,
      );}
    assert.not(said.includes("/.woven/"), said);
    assert.not(said.includes("file://"), said);
  }
});

test("a cell that never ends is named with what it took, and what it may have been doing", async () => {
  // Each is tried with so much of the other kind of time that it does not matter on a busy machine.
  const works = { cpuSeconds: 2, silentMs: 600_000 }, waits = { cpuSeconds: 60, silentMs: 4_000 };
  const worked = "It was stopped after 2 s of processor time: look for a loop whose condition";
  const waited =
    "It was stopped after 4 s by the clock: look for what it waits for, unless the machine is too busy";
  const endless: [slug: string, code: string, limits: Limits, said: string][] = [
    ["endless", "for (;;);", works, `cell 1 does not end\n  ${worked}`],
    [
      "works",
      "for (;;) await 0;",
      works,
      `cell 1 does not end\n  ${worked}`,
    ],
    [
      "sleeps",
      "await new Promise((end) => setTimeout(end, 1e8));",
      waits,
      `cell 1 does not end\n  ${waited}`,
    ],
    ["lives-on", "setInterval(() => {}, 10);", waits, "something still runs after the last cell"],
  ];
  for (const [slug, code, limits, said] of endless) {
    const runs = await runChapters([chapterOf(slug, code)], { limits });
    assert.match(String(runs.get(slug)!.problem), `chapters/90-${slug}.md:10: error: ${said}`);
  }
});

test("a broken fence is named at its line", () => {
  try {
    parse(markdown("```ts\nconsole.log(1);\n``\n"), "chapters/90-broken.md");
    assert.unreachable();
  } catch (error) {
    assert.instance(error, Problem);
    assert.match(String(error), "chapters/90-broken.md:10: error: this fence is never closed");
  }
});

test("what a chapter breaks is broken for itself alone, and it cannot learn how reports are marked", async () => {
  const chapters = [
    chapterOf(
      "breaks",
      'import { mapcount } from "sim";\nObject.assign(mapcount, { name: "mine" });',
    ),
    chapterOf(
      "listens",
      `let heard = 0;
const { subarray } = Uint8Array.prototype;
Uint8Array.prototype.subarray = function (this: Uint8Array, ...range) {
  if (/^\\n?[0-9a-f-]{36} /.test(String.fromCharCode(...this))) heard++;
  return subarray.apply(this, range);
} as typeof subarray;
console.log("one");
console.log(heard);`,
    ),
    good("after"),
  ];
  const runs = await runChapters(chapters);
  assert.is(outputText(runs.get("listens")!.cells[0]), "one\n0");
  assert.is(outputText(runs.get("after")!.cells[0]), "mapcount function");
});

test("what a cell does to the language reaches no report", async () => {
  const changes = [
    "Object.prototype.toJSON = () => undefined;",
    "Array.prototype.toJSON = () => [];",
    "JSON.stringify = () => 'null';",
    "Object.keys = () => [];",
    "Array.isArray = () => true;",
  ];
  const chapters = changes.map((change, i) =>
    chapterOf(
      `changes-${i}`,
      `${change.replace("Object.prototype", "(Object.prototype as any)")}
console.log("one");`,
    )
  );
  const runs = await runChapters(chapters);
  for (const [i, { slug }] of chapters.entries()) {
    const { cells, problem } = runs.get(slug)!;
    assert.is(String(problem ?? "fine"), "fine", changes[i]);
    assert.is(outputText(cells[0]), "one", changes[i]);
  }
});

test("a cell cannot leave something for the next run", async () => {
  const chapter = () => chapterOf("store", "console.log(typeof localStorage, typeof caches);");
  const runs = await runChapters([chapter()]);
  assert.is(outputText(runs.get("store")!.cells[0]), "undefined undefined");
});

test("a chapter runs under the era that is asked for", async () => {
  const runs = await runChapters([good("era")], { kernel: "page_count" });
  assert.is(outputText(runs.get("era")!.cells[0]), "page_count function");
});

test("an error in the simulator comes with the frames that lead there", async () => {
  const code = 'import { Lab } from "sim";\nconst m = new Lab(kernel);\nm.store(1, 0x9000, "x");';
  const runs = await runChapters([chapterOf("segv", code)]);
  const said = String(runs.get("segv")!.problem);
  assert.match(said, /^chapters\/90-segv\.md:13:3: error: cell 1 threw SIGSEGV\n/);
  assert.match(said, "mark the cell `throws=SIGSEGV` if that is the point");
  const marked = await runChapters([
    parse(
      markdown(
        '```ts\nimport { Lab } from "sim";\n```\n\n```ts throws=SIGSEGV\n' +
          'new Lab(kernel).store(1, 0x9000, "x");\n```\n\n```ts\nconsole.log("on");\n```\n',
      ),
      "chapters/90-marked.md",
    ),
  ]);
  const { cells, problem } = marked.get("marked")!;
  assert.is(problem, undefined);
  assert.match(outputText(cells[1]), /^SIGSEGV: store\(pid 1, 0x9000\)/);
  assert.is(outputText(cells[2]), "on");
});

test.run();
