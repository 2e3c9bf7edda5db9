import { test } from "uvu";
import * as assert from "uvu/assert";
import { dataUrl } from "./addresses.ts";
import { graphProblems } from "./imports.ts";
import { chapterOf } from "./testing.ts";

test("Deno's parser finds what a module would load, whatever the first line of defence thinks of it", async () => {
  const cases: [slug: string, text: string, expected: string][] = [
    [
      "attribute",
      'import x from "sim" with { type: "text" };',
      ':1:15: error: this loads "sim" as text',
    ],
    ["file", '\nimport "./deno.json";', ":2:8: error: this loads"],
    ["npm", 'import "npm:zod";', ':1:8: error: this loads "npm:zod"'],
    ["https", 'import "https://example.org/x.ts";', ":1:8: error: this loads"],
    ["node", 'export * from "node:fs";', ':1:15: error: this loads "node:fs"'],
    ["dynamic", 'await import("sim");', ':1:14: error: this loads "sim"'],
    ["type", 'let x: import("sim/x").Y;', ':1:15: error: this loads "sim/x"'],
    ["directive", '// @deno-types="./x.d.ts"\nimport "sim";', ":2:8: error: this loads"],
    ["simulator", 'import "../sim/lab.ts";', ":1:8: error: this loads"],
    ["syntax", "const a = 1;\nconst b = ;", ":2:11: error: Expression expected"],
    ["good", 'import { Lab, type View } from "sim";\nimport type { Era } from "sim";', ""],
  ];
  const found = await graphProblems(cases.map(([slug, text]) => ({
    chapter: chapterOf(slug, ""),
    text,
    url: dataUrl(text),
  })));
  for (const [slug, , expected] of cases) {
    const said = found.get(slug)!.map(String);
    if (!expected) assert.equal(said, []);
    else assert.ok(said[0]?.startsWith(`chapters/90-${slug}.md${expected}`), `${slug}: ${said}`);
  }
});

test("the cells' compiler is the project's, without a host's library", async () => {
  const options = async (path: string) => {
    const text = await Deno.readTextFile(new URL(path, import.meta.url));
    const { types: _, lib: __, ...rest } = JSON.parse(text).compilerOptions;
    return rest;
  };
  assert.equal(await options("cells.json"), await options("../../deno.json"));
});

test.run();
