// A project in a temporary folder, for the tests of the katas' tools: our import map, lock and expect.ts, a simulator of
// ten lines, and a kata that adds numbers. A test changes into it and writes the files it is about.

import { dirname, fromFileUrl, join } from "@std/path";

const root = fromFileUrl(new URL("../../", import.meta.url));

/** What expect.ts has from the simulator for katas that replace a rule: a toy has no rules. */
export const rules = `export class KernelBug extends Error {}
export interface Build {}
export interface Era { name: string; forkMustCopy: unknown; wpCanReuse: unknown }
export const UNAVAILABLE = "unavailable";
export const scenes: Map<string, { name: string; lines: string[] }> = new Map();
export const releaseNamed = undefined as unknown as (name: string) => { era: Era; build: Build };
export const runScene = undefined as unknown as (lines: readonly string[], kernel: unknown) => string[];
`;

const sim = `// This module is browser compatible.
/** A machine that adds. */
export class Lab {
  state: string[] = [];
  trace: string[] = [];
  ops: string[] = [];
  add(sum: (a: number, b: number) => number, a: number, b: number) {
    this.ops.push(\`add(\${a}, \${b})\`);
    this.trace.push(\`pfn \${this.ops.length}  sum \${sum(a, b)}\`);
    this.state = this.at(this.trace.length);
  }
  at(n: number) { return this.trace.slice(0, n); }
  story() { return this.ops; }
  reasons() { return []; }
}
export const framesText = (state: string[]) => state.join("\\n");
export const frames = (state: string[]) => ({ toString: () => framesText(state) });
export const zero = 0;
${rules}`;

export const readme = `# The sum

A driver adds two numbers, and gets one of them.

Repair \`sum\`.

Takes 5 minutes.
`;

export const hints = `# The sum: hints

## Hint 1

Look at what is not used.

## Hint 2

Two parameters, one result.

## Hint 3

Write \`a + b\`.
`;

export const suite = `import { Lab } from "sim";
import * as assert from "uvu/assert";
import { sameFrames, suite } from "../expect.ts";

export default (kata: typeof import("./solution.ts")) => {
  const test = suite("the sum");
  test("two numbers are added", () => {
    const m = new Lab();
    m.add(kata.sum, 1, 2);
    sameFrames(m, "pfn 1  sum 3", "the sum of 1 and 2 is 3; look at what sum() returns");
  });
  test("zero changes nothing", () => {
    assert.is(kata.sum(0, 7), 7, "7 and nothing is 7; look at what sum() does with 0");
    assert.is(kata.sum(7, 0), 7, "nothing and 7 is 7; look at the second parameter");
  });
  test("many pairs", () => {
    for (const [a, b] of [[2, 2], [3, 4]] as const) {
      assert.is(kata.sum(a, b), a + b, \`\${a} and \${b}; look at what sum() assumes\`);
    }
    assert.is(kata.sum(-1, 2), 1, "one number is negative; look at the sign");
  });
  return test;
};
`;

export const exercise = `import { zero } from "sim";

// TODO: the sum of both.
export function sum(a: number, _b: number): number {
  return a + zero;
}
`;

const solution = `/** The sum of both, in any order. */
export function sum(a: number, b: number): number {
  return a + b;
}
`;

/** A wrong fix of the sum, as a file. */
export function wrongFix(believed: string, rejectedBy: string, body: string): string {
  return `// Believed: ${believed}.\n// Rejected by: ${rejectedBy}\n` +
    `export function sum(a: number, b: number): number {\n  ${body}\n}\n`;
}

/** As many wrong fixes as a kata must have. */
export const wrongFixes: Record<string, string> = {
  "wrong/second.ts": wrongFix(
    "only the second counts",
    "two numbers are added",
    "return b + 0 * a;",
  ),
  "wrong/constant.ts": wrongFix(
    "the answer is 3",
    "zero changes nothing",
    "return 3 + 0 * (a + b);",
  ),
  "wrong/product.ts": wrongFix(
    "the product is near enough",
    "zero changes nothing",
    "return a === 1 ? a + b : a * b || b;",
  ),
  "wrong/absolute.ts": wrongFix("numbers are positive", "many pairs", "return Math.abs(a) + b;"),
  "wrong/examples.ts": wrongFix(
    "the examples are all there is",
    "many pairs",
    "return a + b === 4 ? 5 : a + b;",
  ),
};

/** The files of a kata that adds numbers, in a folder of kata/; it is sound as it is. */
export function sumKata(
  folder: string,
  changed: Record<string, string> = {},
  wrongs: Record<string, string> = wrongFixes,
): Record<string, string> {
  const files = {
    "README.md": readme,
    "hints.md": hints,
    "exercise.ts": exercise,
    "solution.ts": solution,
    "test.ts": suite,
    ...wrongs,
    ...changed,
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`kata/${folder}/${name}`, text]),
  );
}

/** What a toy's code knows beside the language. Without Deno's library a compiler takes a third of the time. */
const globals = "declare const console: { log(...things: unknown[]): void };\n";

/** Our deno.json, for a toy with these tasks. */
export async function toyConfig(tasks: Record<string, string> = {}): Promise<string> {
  const { compilerOptions, ...ours } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const language = { ...compilerOptions, lib: ["esnext"], types: ["./scripts/globals.d.ts"] };
  return JSON.stringify({ ...ours, compilerOptions: language, tasks });
}

const made: string[] = [];
globalThis.addEventListener("unload", () => {
  for (const dir of made) Deno.removeSync(dir, { recursive: true });
});

/** Creates the project with one sound kata, `kata/00-the-sum`, and makes it the current folder; it goes with the test. */
export async function toyProject(files: Record<string, string> = {}): Promise<string> {
  const temporary = await Deno.makeTempDir({ prefix: "pinned toy " });
  made.push(temporary);
  const dir = join(temporary, "a project");
  const copied = ["deno.lock", "kata/expect.ts"];
  const written: Record<string, string> = {
    "deno.json": await toyConfig(),
    "scripts/globals.d.ts": globals,
    "sim/mod.ts": sim,
    "chapters/00-owners.md": "---\ntitle: Owners\nkatas: [the-sum]\n---\n",
    ...sumKata("00-the-sum"),
    ...files,
  };
  for (const path of copied) written[path] ??= await Deno.readTextFile(join(root, path));
  for (const [path, text] of Object.entries(written)) {
    await Deno.mkdir(dirname(join(dir, path)), { recursive: true });
    await Deno.writeTextFile(join(dir, path), text);
  }
  Deno.chdir(dir);
  return dir;
}
