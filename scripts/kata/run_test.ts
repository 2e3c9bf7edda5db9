// The verdicts of run.ts: above all, that nothing passes that was not tested.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { findKata, loadKatas } from "./list.ts";
import { runKata, type RunOptions, runTogether, type Verdict } from "./run.ts";
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

const leaning = `export * from "../solution.ts";
export const more = 1; // it's nobody's
`;

test("a wrong fix leans on the solution, and what it exports itself goes before", async () => {
  await Deno.mkdir(`${kata.dir}/wrong`, { recursive: true });
  await Deno.writeTextFile(`${kata.dir}/wrong/leans.ts`, leaning);
  assert.is((await runKata(kata, "wrong/leans.ts")).state, "passed");
  const own = `${leaning}export function sum(a: number, b: number): number {\n  return a - b;\n}\n`;
  await Deno.writeTextFile(`${kata.dir}/wrong/leans.ts`, own);
  const { failure } = await runKata(kata, "wrong/leans.ts");
  assert.is(failure?.test, "two numbers are added");
});

test("a text leans on the text that comes with it", async () => {
  const solution = `export const sum = (a: number, b: number) => a + b; // 'single' and "double"\n`;
  const judged = (text: string) => runKata(kata, "wrong/text.ts", { source: text, solution });
  assert.is((await judged(leaning)).state, "passed");
  assert.is((await judged(leaning.replaceAll('"', "'"))).state, "passed");
  const wrong = await runKata(kata, "wrong/text.ts", {
    source: leaning,
    solution: solution.replace("a + b", "a"),
  });
  assert.is(wrong.failure?.message, "the sum of 1 and 2 is 3; look at what sum() returns");
});

test("nobody but a wrong fix leans on the solution", async () => {
  for (const path of ["./solution.ts", "../solution.ts"]) {
    const { state, failure } = await judge(`export * from "${path}";\n`);
    assert.is(state, "broken");
    assert.is(failure?.message, `it imports "${path}": a kata imports from "sim" only`);
  }
});

test("an endless loop is stopped, and the test named", async () => {
  const { state, failure } = await judge(attempt("if (a === 7) for (;;); return a + b;"), {
    limits: { cpuSeconds: 2, silentMs: 60_000 },
  });
  assert.is(state, "failed");
  assert.is(failure?.test, "zero changes nothing");
  assert.is(
    failure!.message,
    "stopped after 2 s of processor time: is there a loop that never ends, or is it only slow?",
  );
});

test("an endless loop that prints is stopped as well", async () => {
  const { failure, note } = await judge(attempt("for (;;) console.log(a, b);"));
  assert.match(
    failure!.message,
    "stopped after 1 MB of output: is there a loop",
  );
  assert.ok(note!.length < 10_000);
});

test("an endless loop that listens for the signal is named all the same", async () => {
  const { failure } = await judge(
    `Deno.addSignalListener("SIGXCPU", () => {});\n` + attempt("for (;;); return a + b;"),
    { limits: { cpuSeconds: 2, silentMs: 60_000 } },
  );
  assert.match(failure!.message, "stopped after 2 s of processor time");
});

test("what indents the console, and what paints on a terminal, changes no verdict", async () => {
  const { state, note } = await judge(
    `console.group("mine");\nconsole.log("\\x1b[2J✓");\n` + attempt("return a + b;"),
  );
  assert.equal([state, note], ["passed", "mine\n  \\u001b[2J✓"]);
  const thrown = await judge(attempt(`throw new Error("\\x1b[2J✓");`));
  assert.is(thrown.failure!.message, "Error: \\u001b[2J✓");
});

test("an attempt that only sleeps is stopped by the clock, which is said", async () => {
  const { failure } = await judge(
    "export const sum = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    { limits: { cpuSeconds: 10, silentMs: 3_000 } },
  );
  assert.is(
    failure!.message,
    "stopped after 3 s by the clock: does it wait for something, or is the machine too busy?",
  );
});

test("an endless loop outside the tests is broken", async () => {
  const { state, failure } = await judge("for (;;);\nexport const sum = 1;", {
    limits: { cpuSeconds: 2, silentMs: 60_000 },
  });
  assert.is(state, "broken");
  assert.is(failure?.test, "loading the file");
});

test("a loop that eats memory is named", async () => {
  const { state, failure } = await judge(
    attempt("const all: unknown[] = []; for (;;) all.push(new Array(1e4).fill({ a, b }));"),
    { limits: { cpuSeconds: 60, silentMs: 60_000 } },
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

test("an attempt cannot change what it is judged with", async () => {
  const forgeries: [act: string, message: string][] = [
    [`(frames as any).prototype = {};`, "property prototype"],
    [`(globalThis as any).Error = class {};`, "property 'Error'"],
    [`Array.prototype.join = () => "the same";`, "property 'join'"],
    [`Object.getPrototypeOf([].values()).next = () => ({ done: true });`, "property 'next'"],
    [`(Object.prototype as any).toJSON = () => "passed";`, "property toJSON"],
    [`Error.prototype.message = "";`, "read only 'message'"],
    [`eval("import('uvu')");`, "Code generation from strings disallowed"],
  ];
  for (const [act, message] of forgeries) {
    const source = `import { frames } from "sim";\nframes;\n`;
    const atOnce = await judge(`${source}${act}\n${attempt("return a - b;")}`);
    assert.equal([act, atOnce.state], [act, "broken"]);
    assert.match(atOnce.failure!.message, message);
    const later = await judge(source + attempt(`if (a) { ${act} } return a + b;`));
    assert.equal([act, later.state, later.failure?.test], [act, "failed", "two numbers are added"]);
  }
});

test("an attempt is asked once what it exports", async () => {
  const { state } = await judge(
    `export let sum = (a: number, b: number) => (sum = () => 0, a + b);\n`,
  );
  assert.is(state, "passed");
});

test("an attempt defines errors, classes and words of its own as ever", async () => {
  const { state, failure, note } = await judge(`
class Old extends Error { constructor(text: string) { super(text); this.name = "Old"; this.message += "!"; } }
class New extends TypeError { override name = "New"; }
class Sums extends Map<string, number> { override get(key: string) { return super.get(key) ?? 0; } }
class Terms extends Array<number> { sum() { return this.reduce((a, b) => a + b, 0); } }
const thrown = (error: Error) => { try { throw error; } catch (it) { return String(it); } };
const word: Record<string, unknown> = {};
word.name = "a word";
word.toString = () => "as a word";
const named = Object.assign(new RangeError("x"), { name: "Named" });
console.log(thrown(new Old("a")), thrown(new New("b")), String(named), \`\${word}\`, Object.keys(word));
${attempt("return new Sums([['sum', Terms.from([a, b]).map((n) => n).sum()]]).get('sum');")}`);
  assert.equal([state, failure], ["passed", undefined]);
  assert.is(note, `Old: a! New: b Named: x as a word [ "name", "toString" ]`);
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

test("many modules are judged as each would be alone, also where one of them ends the run", async () => {
  const texts = (body: string) => [
    { file: "solution.ts" },
    { file: "none.ts" },
    { file: "attempt.ts", source: attempt(body) },
    { file: "exercise.ts" },
  ];
  const states = (verdicts: readonly Verdict[]) => verdicts.map(({ state }) => state);
  const said = (verdicts: readonly Verdict[]) => verdicts.map(({ failure }) => failure?.message);
  const calm = await runTogether(kata, texts("return a - b;"));
  assert.equal(states(calm), ["passed", "broken", "failed", "failed"]);
  const hint = "the sum of 1 and 2 is 3; look at what sum() returns";
  assert.equal(said(calm), [undefined, "there is no kata/00-the-sum/none.ts", hint, hint]);
  const left = await runTogether(kata, texts("if (a === 7) Deno.exit(0); return a + b;"));
  assert.equal(states(left), ["passed", "broken", "broken", "failed"]);
  assert.match(left[2]!.failure!.message, "Deno.exit() or process.exit()");
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
