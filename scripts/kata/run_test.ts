// The verdicts of run.ts: above all, that nothing passes that was not tested.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { findKata, loadKatas } from "./list.ts";
import { runKata, type RunOptions, type Verdict } from "./run.ts";
import { suite, toyProject } from "./toy.ts";

await toyProject();
const kata = findKata(await loadKatas(), "the-sum");

const attempt = (body: string) =>
  `export function sum(a: number, b: number): number {\n  ${body}\n}\n`;

function judge(source: string, options: RunOptions = {}): Promise<Verdict> {
  return runKata(kata, "attempt.ts", { source, ...options });
}

/** Judges the solution by another suite. */
async function judgeBy(source: string): Promise<Verdict> {
  await Deno.writeTextFile(`${kata.dir}/test.ts`, source);
  try {
    return await runKata(kata, "solution.ts");
  } finally {
    await Deno.writeTextFile(`${kata.dir}/test.ts`, suite);
  }
}

const inSuite = (body: string) =>
  `import { suite } from "../expect.ts";
import * as assert from "uvu/assert";
export default (kata: typeof import("./solution.ts")) => {
  const test = suite("other");
  ${body}
  return test;
};
`;

test("a solution passes, and every test is counted", async () => {
  assert.equal(await runKata(kata, "solution.ts"), {
    slug: "the-sum",
    file: "solution.ts",
    passed: 3,
    total: 3,
    state: "passed",
  });
});

test("an exercise fails with a story, and the learner's line", async () => {
  const verdict = await runKata(kata, "exercise.ts");
  assert.is(verdict.state, "failed");
  assert.equal([verdict.passed, verdict.total], [0, 3]);
  assert.is(verdict.failure?.test, "two numbers are added");
  assert.is(verdict.failure?.message, "the sum of 1 and 2 is 3; look at what sum() returns");
  assert.is(
    verdict.failure?.details,
    `What happened:
  add(1, 2)
The frames (- now, + as promised):
  - pfn 1  sum 1
  + pfn 1  sum 3`,
  );
  assert.is(verdict.failure?.where, "kata/00-the-sum/exercise.ts:4");
  assert.ok(verdict.failure?.assertion);
  assert.match(verdict.failure!.asked, /^\d+:\d+$/);
});

test("a test that the code crashes names the line that threw", async () => {
  await Deno.writeTextFile(`${kata.dir}/attempt.ts`, attempt("b;\n  return (undefined as any).x;"));
  const { state, failure } = await runKata(kata, "attempt.ts");
  assert.is(state, "failed");
  assert.is(failure?.message, "TypeError: Cannot read properties of undefined (reading 'x')");
  assert.is(failure?.where, "kata/00-the-sum/attempt.ts:3");
  assert.not(failure?.assertion);
});

test("an endless loop is stopped, and the test named", async () => {
  const { state, failure } = await judge(attempt("if (a === 7) for (;;); return a + b;"), {
    limit: 400,
  });
  assert.is(state, "failed");
  assert.is(failure?.test, "zero changes nothing");
  assert.match(failure!.message, "stopped after 0.4 s without an answer");
});

test("an endless loop that prints is stopped as well", async () => {
  const { failure, note } = await judge(attempt("for (;;) console.log(a, b);"), { limit: 400 });
  assert.match(failure!.message, "stopped after 0.4 s");
  assert.ok(note!.length < 10_000);
});

test("an endless loop outside the tests is broken", async () => {
  const { state, failure } = await judge("for (;;);\nexport const sum = 1;", { limit: 400 });
  assert.is(state, "broken");
  assert.is(failure?.test, "loading the file");
});

test("a loop that eats memory is named", async () => {
  const { state, failure } = await judge(
    attempt("const all: unknown[] = []; for (;;) all.push(new Array(1e4).fill({ a, b }));"),
    { limit: 20_000 },
  );
  assert.is(state, "broken");
  assert.match(failure!.message, "more than 512 MB");
});

test("a value that is no Error does not hide the other tests", async () => {
  for (const thrown of ["'word'", "undefined", "null", "Object.create(null)", "Symbol('x')"]) {
    const { state, passed, total, failure } = await judge(
      attempt(`if (a === 1) throw ${thrown}; return a + b;`),
    );
    assert.equal([thrown, state, passed, total], [thrown, "failed", 2, 3]);
    assert.match(failure!.message, "which is not an Error");
  }
});

test("leaving early is no way to pass", async () => {
  for (const leave of ["Deno.exit(0)", "process.exit(0)", "globalThis.process.exit()"]) {
    const { state, failure } = await judge(attempt(`if (a === 7) ${leave}; return a + b;`));
    assert.is(state, "broken");
    assert.is(failure?.test, "zero changes nothing");
    assert.match(failure!.message, "Deno.exit() or process.exit()");
  }
  const atOnce = await judge("Deno.exit(0);\nexport const sum = 1;");
  assert.is(atOnce.state, "broken");
  const three = await judge(attempt("Deno.exit(3); return a + b;"));
  assert.match(three.failure!.message, "status 3");
});

test("whoever leaves with an error has not passed, whatever the tests said", async () => {
  const { state, failure } = await judge(
    `addEventListener("unload", () => { throw new Error("late"); });\n` + attempt("return a + b;"),
  );
  assert.is(state, "broken");
  assert.match(failure!.message, "late");
});

test("a promise that nothing settles is named", async () => {
  const { state, failure } = await judgeBy(
    inSuite(`test("waits", () => new Promise<void>(() => {}));`),
  );
  assert.is(state, "broken");
  assert.is(failure?.test, "waits");
  assert.match(failure!.message, "nothing settles");
});

test("printing what a report looks like is only printing", async () => {
  const { state, note } = await judge(
    `console.log('x ["passed","two numbers are added"]');\n` + attempt("return a - b;"),
  );
  assert.is(state, "failed");
  assert.is(note, `x ["passed","two numbers are added"]`);
});

test("a file that does not parse is broken at its line", async () => {
  await Deno.writeTextFile(
    `${kata.dir}/attempt.ts`,
    "export const a = 1;\nexport function sum( {\n",
  );
  const { state, failure } = await runKata(kata, "attempt.ts");
  assert.is(state, "broken");
  assert.match(failure!.message, /^it does not load: SyntaxError/);
  assert.is(failure?.where, "kata/00-the-sum/attempt.ts:2");
});

test("a missing, empty or renamed file is broken", async () => {
  assert.match(
    (await runKata(kata, "none.ts")).failure!.message,
    "there is no kata/00-the-sum/none.ts",
  );
  for (const source of ["", "export const summ = 1;", "// export function sum() {}"]) {
    const { state, failure } = await judge(source);
    assert.is(state, "broken");
    assert.is(failure?.message, "it does not export sum");
  }
});

test("only sim can be imported", async () => {
  for (
    const line of [
      `export * from "./solution.ts";`,
      `import text from "../../deno.json" with { type: "text" };`,
      `await import("./solution.ts");`,
      `await import(["./solution", "ts"].join("."));`,
      `import "https://example.com/x.ts";`,
    ]
  ) {
    const { state, failure } = await judge(`// first\n${line}\n${attempt("return a + b;")}`);
    assert.is(state, "broken");
    assert.match(failure!.message, `a kata imports from "sim" only`);
    assert.is(failure?.where, "kata/00-the-sum/attempt.ts:2");
  }
});

test("nothing outside can be reached", async () => {
  for (
    const reach of ["Deno.readTextFileSync('deno.json')", "Deno.env.get('HOME')", "Deno.hostname()"]
  ) {
    const { state, failure } = await judge(attempt(`${reach}; return a + b;`));
    assert.is(state, "failed");
    assert.match(failure!.message, "NotCapable");
  }
});

test("a suite cannot pass without having tested", async () => {
  const cases: [body: string, message: string][] = [
    ["", "the suite declares no test"],
    [`(test as any).only("a", () => {});`, "test.only() hides tests"],
    [`(test as any).skip("a", () => {});`, "test.skip() hides tests"],
    [`test("a", () => {}); test("a", () => {});`, `two tests are named "a"`],
    [`throw new Error("early");`, "the suite threw outside a test: early"],
    [`return null as never;`, "the suite does not return what suite() made"],
    [`test("a", () => { test("b", () => {}); });`, `the test "b" is declared while the suite runs`],
  ];
  for (const [body, message] of cases) {
    const { state, failure } = await judgeBy(inSuite(body));
    assert.is.not(state, "passed");
    assert.match(failure!.message, message);
  }
  assert.match((await judgeBy("export const a = 1;")).failure!.message, "no default export");
  assert.match((await judgeBy("export const a = ;")).failure!.message, "the suite does not load");
});

test("a comparison of uvu's is told without its dots", async () => {
  const { failure } = await judgeBy(inSuite(`test("a", () => assert.is("x y", "x z", "why"));`));
  assert.is(failure?.message, "why");
  assert.match(failure!.details!, "x y    (Actual)");
});

test("a run can be called off", async () => {
  const stop = new AbortController();
  const running = judge(attempt("for (;;); return a + b;"), { signal: stop.signal });
  stop.abort();
  await running;
});

test.run();
