import { test } from "uvu";
import * as assert from "uvu/assert";
import { brokenCells, refusedImports } from "./imports.ts";
import { chapterOf } from "./testing.ts";

const path = "chapters/90-refs.md";
const first = (code: string, marks = "") =>
  String(refusedImports(chapterOf("refs", code, marks))[0] ?? "accepted").split("\n")[0];

test("a cell imports names from sim", () => {
  for (
    const code of [
      `import { Lab, type View } from "sim";`,
      `import type { View } from 'sim'`,
      `import * as sim from "sim";`,
      `import "sim";`,
      `import { // why\n  Lab as L,\n} from "sim";`,
      `const text = "import x from 'y'; export default 1"; // import or export`,
      "const text = `import ${1} export`; const is = /import/;",
      "const o = { import: 1, export() {} }; o.import; o?.export(); class A { import() {} }",
      "interface I { import: number; export?: string }",
    ]
  ) assert.is(first(code), "accepted", code);
});

test("each way to reach something else is refused at its line and column", () => {
  const cases: [code: string, expected: string][] = [
    [`import fs from "node:fs";`, `11:1: error: this imports "node:fs"`],
    [`let a;\n  import x from "npm:zod";`, `12:3: error: this imports "npm:zod"`],
    [`import x from "https://example.org/x.ts";`, "11:1: error: this imports"],
    [`import x from "./x.ts";`, `11:1: error: this imports "./x.ts"`],
    [`import x from "sim/mod.ts";`, `11:1: error: this imports "sim/mod.ts"`],
    [`import { x } from "\\x73im";`, "11:1: error: this imports"],
    [`import x from "sim" with { type: "text" };`, "11:1: error: this is more than an import"],
    [`import x from "sim"\nwith { type: "text" };`, "12:1: error: an import attribute or a"],
    [`import x from "sim" assert { type: "text" };`, "11:1: error: this is more than"],
    [`import defer * as x from "sim";`, "11:1: error: this is more than an import of names"],
    [`import source x from "sim";`, "11:1: error: this is more than an import of names"],
    [`const x = await import("sim");`, "11:17: error: import() is not for cells"],
    ["const x = `${import('sim')}`;", "11:14: error: import() is not for cells"],
    [`let x: import("sim").Lab;`, "11:8: error: an import type is not for cells"],
    [`type X = typeof import("sim");`, "11:17: error: import() is not for cells"],
    [`import x = require("fs");`, "11:1: error: this imports something other"],
    [`import type x = require("fs");`, "11:1: error: this imports something other"],
    [`console.log(import.meta.url);`, "11:13: error: import.meta is not for cells"],
    [`export {};`, "11:1: error: a cell exports nothing"],
    [`export * from "sim";`, "11:1: error: a cell exports nothing"],
    [`export const a = 1;`, "11:1: error: a cell exports nothing"],
    [`export default 1;`, "11:1: error: a cell exports nothing"],
    [`{ import { Lab } from "sim"; }`, "11:3: error: an import stands at the top"],
    [`) import`, "11:3: error:"],
    [`/// <reference path="./x.d.ts" />`, "11:1: error: the comment `/// <`"],
    [`// @deno-types="./x.d.ts"`, "11:4: error: the comment `@deno-types`"],
    [`// @ts-types="./x.d.ts"`, "11:4: error: the comment `@ts-types`"],
    [`/* @ts-self-types="./x.d.ts" */`, "11:4: error: the comment"],
    [`/** @jsxImportSource npm:x */`, "11:5: error: the comment `@jsxImportSource`"],
    [`// @ts-nocheck`, "11:4: error: the comment `@ts-nocheck`"],
    [`// @ts-ignore`, "11:4: error: the comment `@ts-ignore`"],
    [`f(); // @ts-expect-error`, "11:9: error: the comment `@ts-expect-error`"],
    [`//# sourceMappingURL=x.map`, "11:5: error: the comment `sourceMappingURL=`"],
    [`//# sourceURL=x.js`, "11:5: error: the comment `sourceURL=`"],
  ];
  for (const [code, expected] of cases) {
    assert.ok(first(code)!.startsWith(`${path}:${expected}`), `${code}\n  ${first(code)}`);
  }
});

test("a cell that is not run is held to the same rule, one that must throw cannot import", () => {
  assert.match(first(`import "x";`, "ignore")!, ':11:1: error: this imports "x"');
  assert.match(first(`import "sim";`, "throws=E")!, ":11:1: error: a cell with `throws=` cannot");
});

test("a cell that is not complete by itself is named at the place where it breaks off", () => {
  const broken = (code: string) => String(brokenCells(chapterOf("refs", code))[0]).split("\n")[0]!;
  for (const code of ["function f() {", "const a = `", "/* open", "const a =", "if (a)", "}"]) {
    assert.match(broken(code), /^chapters\/90-refs\.md:1[12]:\d+: error: cell 1 does not parse: /);
  }
  assert.equal(brokenCells(chapterOf("refs", "const a: number = await f<string>(b!);")), []);
  assert.equal(brokenCells(chapterOf("refs", "function f() {", "ignore")), []);
});

test.run();
