// A project in a temporary folder, for the tests of the katas' tools: our import map, lock and expect.ts, a simulator of
// ten lines, and a kata that adds numbers. A test changes into it and writes the files it is about.

import { dirname, fromFileUrl, join } from "@std/path";

const root = fromFileUrl(new URL("../../", import.meta.url));

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
export const frames = (state: string[]) => ({ toString: () => state.join("\\n") });
export const zero = 0;
`;

export const readme = `# The sum

A driver adds two numbers, and gets one of them.

Repair \`sum\`.

Takes 5 minutes.

## Hints

### Hint 1

Look at what is not used.

### Hint 2

Two parameters, one result.

### Hint 3

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

const wrongs: Record<string, [believed: string, rejected: string, body: string]> = {
  second: ["only the second counts", "two numbers are added", "b + 0 * a"],
  constant: ["the answer is 3", "zero changes nothing", "3 + 0 * (a + b)"],
  product: ["the product is near enough", "zero changes nothing", "a === 1 ? a + b : a * b || b"],
  absolute: ["numbers are positive", "many pairs", "Math.abs(a) + b"],
  examples: ["the examples are all there is", "many pairs", "a + b === 4 ? 5 : a + b"],
};

const made: string[] = [];
globalThis.addEventListener("unload", () => {
  for (const dir of made) Deno.removeSync(dir, { recursive: true });
});

/** Creates the project with one sound kata, `kata/00-the-sum`, and makes it the current folder; it goes with the test. */
export async function toyProject(files: Record<string, string> = {}): Promise<string> {
  const temporary = await Deno.makeTempDir({ prefix: "pinned toy " });
  made.push(temporary);
  const dir = join(temporary, "a project");
  const copied = ["deno.json", "deno.lock", "kata/expect.ts", "scripts/std.d.ts"];
  const written: Record<string, string> = {
    "sim/mod.ts": sim,
    "chapters/00-owners.md": "---\ntitle: Owners\nkatas: [the-sum]\n---\n",
    "kata/00-the-sum/README.md": readme,
    "kata/00-the-sum/exercise.ts": exercise,
    "kata/00-the-sum/solution.ts":
      "/** The sum of both, in any order. */\nexport function sum(a: number, b: number): number {\n  return a + b;\n}\n",
    "kata/00-the-sum/test.ts": suite,
    ...files,
  };
  for (const path of copied) written[path] ??= await Deno.readTextFile(join(root, path));
  for (const [name, [believed, rejected, body]] of Object.entries(wrongs)) {
    written[`kata/00-the-sum/wrong/${name}.ts`] ??=
      `// Believed: ${believed}.\n// Rejected by: ${rejected}\nexport function sum(a: number, b: number): number {\n  return ${body};\n}\n`;
  }
  for (const [path, text] of Object.entries(written)) {
    await Deno.mkdir(dirname(join(dir, path)), { recursive: true });
    await Deno.writeTextFile(join(dir, path), text);
  }
  Deno.chdir(dir);
  return dir;
}
