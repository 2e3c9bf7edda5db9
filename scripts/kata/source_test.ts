// What source.ts reads off a file, and that a renamed program is the same program.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { exportsOf, freshNames, importsOf, renamed } from "./source.ts";

test("importsOf() finds every way to reach another module", () => {
  const source = `import { a } from "one";
import type { T } from "two";
import "three";
export * from "four";
export { b } from "five";
const c = await import("six");
const d = await import("se" + "ven");
const e = await import(name);
import f from "eight" with { type: "text" };
// import "comment";
const g = 'import "string"';
`;
  assert.equal(importsOf(source).map((found) => `${found.line} ${found.specifier}`), [
    "1 one",
    "2 two",
    "3 three",
    "4 four",
    "5 five",
    "6 six",
    "7 ",
    "8 ",
    "9 eight",
  ]);
});

test("importsOf() says which import is of types alone", () => {
  const source = `import type { A } from "one";
import type * as b from "two";
export type { C } from "three";
import type from "four";
import { type D } from "five";
import type, { E } from "six";
`;
  assert.equal(importsOf(source).map(({ types }) => types), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("importsOf() says which import has attributes", () => {
  const sources = [
    'import a from "./x";',
    'import a from "./x" with { type: "text" };',
    "import './x' // a\n /* b */ assert { type: 'json' };",
    'export * from "./x" with { type: "text" };',
    'await import("./x");',
    'await import("./x",);',
    'await import("./x", { with: { type: "text" } });',
  ];
  assert.equal(
    sources.map((source) => importsOf(source).map(({ attributes }) => attributes).join()),
    ["false", "true", "true", "true", "false", "false", "true"],
  );
});

test("importsOf() names what is there when the program runs", () => {
  const source = `import { a, type B, c as d, /* e, */ "f" as g, type as h } from "one";
import type { I } from "two";
import j, * as k from "three";
import l, { m } from "four";
export { n as o, type P } from "five";
export * from "six";
await import("seven");
import "eight";
`;
  assert.equal(importsOf(source).map(({ names }) => names.join(" ")), [
    "a c f type",
    "",
    "*",
    "default m",
    "n",
    "*",
    "*",
    "",
  ]);
});

test("exportsOf() names values, not types, at their lines", () => {
  const source = `export const a = 1, { b, c: [d] } = f((x) => x);
export function e(p: number) { const q = 1; return q + p; }
export type T = number;
export interface I { x: number }
export class K { m() {} }
const h = 1;
export { h, h as i, type T as U };
export default h;
`;
  assert.equal([...exportsOf(source)], [
    ["a", 1],
    ["b", 1],
    ["d", 1],
    ["e", 2],
    ["K", 5],
    ["h", 7],
    ["i", 7],
    ["default", 8],
  ]);
});

test("renamed() keeps what the world sees and renames the rest", () => {
  const source = `import { mapcount } from "sim";
// a comment
const limit = 1; /* another */
export const era = { ...mapcount, limit, wp: (page: { count: number }) => page.count === limit };
export const name = ({ count, z: zed = count }: Z) => ({ count, zed, page: zed.page });
`;
  assert.is(
    renamed(source),
    `import { mapcount } from "sim";
 
const v1 = 1;  
export const era = { ...mapcount, limit: v1, wp: (v2: { count: number }) => v2.count === v1 };
export const name = ({ count: v3, z: v4 = v3 }: Z) => ({ count: v3, zed: v4, page: v4.page });
`,
  );
});

test("modules that are renamed together know each other by their new names", () => {
  const solution = `export const limit = 1;
export const half = limit / 2;
export function sum(a: number) { const part1 = a; return part1 + half + limit; }
`;
  const wrong = `export * from "../solution.ts";
import { half, type Sum } from "../solution.ts";
const limit = 2;
export const sum = (a: number): Sum => ({ half, limit: a.half * limit });
`;
  const shared = freshNames(["limit", "half"], [solution, wrong]);
  assert.is(
    renamed(solution, shared),
    `export const part1_ = 1;
export const part2 = part1_ / 2;
export function sum(v3: number) { const v4 = v3; return v4 + part2 + part1_; }
`,
  );
  assert.is(
    renamed(wrong, shared),
    `export * from "../solution.ts";
import { part2, type Sum } from "../solution.ts";
const part1_ = 2;
export const sum = (v3: number): Sum => ({ half: part2, limit: v3.half * part1_ });
`,
  );
});

test("renamed() is the same program: shadowing, labels, destructuring, closures, classes", async () => {
  const source = `
function twice(f: (n: number) => number) { return (n: number) => f(f(n)); }
class Box { #v = 0; static made = 0; v = 1; add(v: number) { this.#v += v; this.v++; return this; } get sum() { return this.#v; } }
let total = 0;
outer: for (const i of [1, 2, 3]) {
  for (let j = 0;; j++) {
    if (j > i) continue outer;
    const total2 = total; { const i = 10; total = total2 + i * j; }
  }
}
let a = 1, b = 2;
[a, b] = [b, a];
({ a, b = 5 } = { a: 7 } as { a: number; b?: number });
const Map2 = new Map([["v1", 1]]);
const v1 = "taken";
try { throw new Error("kept"); } catch ({ message }) { total += message.length; }
const o = { total, twice, [v1]: 3, get a() { return a; } };
export const result = JSON.stringify([twice((n) => n * 3)(2), new Box().add(4).sum, total, a, b, Map2.get("v1"), o]);
`;
  const run = async (text: string) =>
    (await import(`data:application/typescript,${encodeURIComponent(text)}`)).result;
  const other = renamed(source);
  assert.is.not(other, source);
  assert.not.match(other, /\btwice\(f/);
  assert.is(await run(other), await run(source));
});

test.run();
