// What an attempt may import, and what is told of one that gives no answer at all.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { findKata, loadKatas } from "./list.ts";
import { runKata, type RunOptions, type Verdict } from "./run.ts";
import { toyProject } from "./toy.ts";

await toyProject();
const kata = findKata(await loadKatas(), "the-sum");

const attempt = (body: string) =>
  `export function sum(a: number, b: number): number {\n  ${body}\n}\n`;

function judge(source: string, options: RunOptions = {}): Promise<Verdict> {
  return runKata(kata, "attempt.ts", { source, ...options });
}

test("of sim an attempt has types, constants, errors and pictures, and no machine", async () => {
  const given = `import type { Lab, Machine } from "sim";
import { type Era, Errno, frames, KernelBug, PAGE_SIZE, zero } from "sim";
export type Mine = [Lab, Machine, Era, Errno, KernelBug, typeof PAGE_SIZE, typeof frames];
`;
  const refused = (line: string) => judge(`${line}\n${attempt("return a + b;")}`);
  const { failure } = await refused(given);
  assert.match(failure!.message, "does not provide an export named 'Errno'"); // the toy has none
  for (
    const [line, said] of [
      [`import { mapcount } from "sim";`, "it imports mapcount, a machine that knows the answer"],
      [`import { PAGE_SIZE, eras as x } from "sim";`, "it imports eras"],
      [`export { releaseNamed } from "sim";`, "it imports releaseNamed"],
      [`import { Lab } from "sim";`, "it imports Lab"],
      [`import * as sim from "sim";`, `it imports all of "sim"`],
      [`export * from "sim";`, `it imports all of "sim"`],
      [`const { eras } = await import("sim");`, `it imports all of "sim"`],
    ] as const
  ) {
    const { state, failure } = await refused(line);
    assert.equal([state, failure!.test, failure!.where], [
      "broken",
      "importing",
      "kata/00-the-sum/attempt.ts:1",
    ]);
    assert.match(failure!.message, said);
  }
});

test("what is not of the exercise's kind is told as that, without a story", async () => {
  const kinds: [source: string, message: string][] = [
    ["export async function sum() { return 1; }", "sum is async: it answers a promise, and is to"],
    ["export function* sum() { yield 1; }", "sum is a generator, and is to answer number"],
    ["export const sum = 3;", "sum is no function, and the exercise's is one"],
    [
      "export const sum = (a: number, b: number, c: number) => a + b + c;",
      "sum takes 3 parameters",
    ],
  ];
  for (const [source, message] of kinds) {
    const { state, failure } = await judge(`// first\n${source}\n`);
    assert.equal([state, failure!.test, failure!.where], [
      "broken",
      "types",
      "kata/00-the-sum/attempt.ts:2",
    ]);
    assert.match(failure!.message, message);
  }
  const answers: [body: string, message: string][] = [
    ["a + b;", "sum() answered nothing, and is to answer number: is a `return` missing?"],
    ["return Promise.resolve(a + b);", "sum() answered a promise, and is to answer number"],
    ["return `${a + b}`;", 'sum() answered "3", and is to answer number'],
    ["return [a, b];", "sum() answered a list, and is to answer number"],
  ];
  for (const [body, message] of answers) {
    const { state, failure } = await judge(attempt(body));
    assert.equal([state, failure!.message, failure!.details], ["failed", message, undefined]);
  }
});

test("an Errno that is thrown where a value is due is told as that, at its line", async () => {
  const errno = `class Errno extends Error { code = "EINVAL"; }\n`;
  const source = errno + attempt("if (a === 7) throw new Errno(); return a + b;");
  await Deno.writeTextFile(`${kata.dir}/attempt.ts`, source);
  const { failure } = await runKata(kata, "attempt.ts");
  const said = "sum() threw the Errno EINVAL, and is to answer number: return a value";
  assert.equal([failure!.message, failure!.where], [said, "kata/00-the-sum/attempt.ts:3"]);
});

test("the place is the function that was asked, also in a loop that never ends", async () => {
  const two = `export const first = 1;\nexport const second = 2;\n`;
  const wrong = await judge(two + attempt("return a - b;"));
  assert.is(wrong.failure!.where, "kata/00-the-sum/attempt.ts:3");
  const endless = await judge(two + attempt("if (a === 7) for (;;); return a + b;"), {
    limits: { cpuSeconds: 2, silentMs: 60_000 },
  });
  assert.is(endless.failure!.where, "kata/00-the-sum/attempt.ts:3");
});

test("what a test printed is told with it, and how much the others did", async () => {
  const { failure, note, elsewhere } = await judge(
    `console.log("loaded");\n` + attempt("console.log(a, b);\n  return a === 7 ? 0 : a + b;"),
  );
  assert.is(failure!.test, "zero changes nothing");
  assert.equal([note, elsewhere], ["loaded\n0 7\n7 0", 4]);
});

test.run();
