// The tests are tested: each way in which uvu is green without having tested is red here.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { toyConfig, toyProject } from "./kata/toy.ts";

const script = new URL("./test.ts", import.meta.url).href;

/** Runs the tests of a project that has these test files, and proofs that end as told. */
async function run(
  files: Record<string, string>,
  { args = [] as string[], proof = "echo 3 passed, 0 failed && true" } = {},
): Promise<{ code: number; out: string; err: string }> {
  const config = await toyConfig({ chapter: "echo all is well && true", kata: proof });
  await toyProject({ "deno.json": config, ...files });
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--allow-read",
      "--allow-run=deno,sh",
      "--allow-env",
      script,
      ...args,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

const last = (out: string) => out.split("\n").at(-2);
const file = (body: string) =>
  `import { suite, test } from "uvu";\nimport * as assert from "uvu/assert";\nassert; suite;\n${body}\n`;
const good = `test("good", () => {});\n`;

test("tests that pass are counted, together with the proofs; in a pipe each is a line, as soon as it is through", async () => {
  const { code, out, err } = await run({
    "sim/a_test.ts": file(`${good} test("async", async () => { await 1; }); test.run();`),
    "sim/b_test.ts": file(`${good} test.skip("the gap"); test.run();`),
  });
  assert.equal([code, err], [0, ""]);
  const lines = out.trimEnd().split("\n");
  assert.equal(lines.map((line) => line.replace(/^(\d of 4) {2}.*/, "$1")), [
    "1 of 4",
    "2 of 4",
    "3 of 4",
    "4 of 4",
    "skipped sim/b_test.ts: the gap",
    "7 passed, 0 failed",
  ]);
  assert.equal(lines.slice(0, 4).map((line) => line.replace(/^.*? {2}/, "")).sort(), [
    "chapter --check: 1 passed, 0 failed",
    "kata --check: 3 passed, 0 failed",
    "sim/a_test.ts: 2 passed, 0 failed",
    "sim/b_test.ts: 1 passed, 0 failed",
  ]);
});

/** Files in which something is wrong, how many tests pass all the same and how many fail, and what is said. */
const wrong: Record<string, [body: string, counts: [number, number], said: string]> = {
  bad: [
    `${good} test("bad", () => {\n  assert.is("a b", "a c", "they differ");\n}); test.run();`,
    [1, 1],
    "sim/bad_test.ts:6: error: bad\n  they differ\n",
  ],
  ...Object.fromEntries(["before", "before.each", "after", "after.each"].map((hook) => {
    const body = `test.${hook}(() => { throw new Error("${hook} threw"); }); ${good} test.run();`;
    const ran = hook.startsWith("after") ? 1 : 0;
    return [hook, [body, [ran, 2], `a hook ${hook} threw: ${hook} threw`]];
  })),
  word: [
    `test("word", () => { throw "w"; }); test("nothing", () => { throw undefined; }); ${good} test.run();`,
    [1, 2],
    `"w" was thrown, which is not an Error`,
  ],
  unrun: [good, [0, 2], "error: good\n  it did not run"],
  lost: [
    `${good} test.run(); const b = suite("b"); b("lost", () => {});`,
    [1, 2],
    "error: b: lost\n  it did not run",
  ],
  none: ["test.run();", [0, 1], "it declares no test"],
  ...Object.fromEntries(["Deno", "process"].map((host) => [host, [
    `test("leaves", () => { (globalThis as any).${host}.exit(0); }); ${good} test.run();`,
    [0, 1],
    `sim/${host}_test.ts: error: leaves\n  the file ended early with status 0: something called Deno.exit()`,
  ]])),
  only: [`${good} test.only("this", () => {}); test.run();`, [1, 1], `test.only("this") hides`],
  twins: [`${good} ${good} test.run();`, [2, 1], `two tests are named "good"`],
  waits: [
    `test("waits", () => new Promise(() => {})); test.run();`,
    [0, 1],
    "error: waits\n  the file ended early with status 1: it waits for a promise that nothing settles",
  ],
  late: [
    `test("late", async () => { Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 50)); }); test.run();`,
    [0, 1],
    "error: late\n  the file ended early with status 1: Error: lost",
  ],
  reads: [
    `test("reads", () => { Deno.readTextFileSync("deno.json"); }); test.run();`,
    [0, 1],
    "NotCapable",
  ],
};

test("each way to be green without having tested is red, in its file and no other", async () => {
  const files = Object.entries(wrong).map(([name, [body]]) => [`sim/${name}_test.ts`, file(body)]);
  const { code, out, err } = await run({
    ...Object.fromEntries(files),
    "sim/broken_test.ts": "const a = ;",
  });
  assert.is(code, 1);
  for (const [name, [, [passed, failed], said]] of Object.entries(wrong)) {
    assert.match(out, `  sim/${name}_test.ts: ${passed} passed, ${failed} failed\n`);
    const own = err.split(/^(?=\S+: error: )/m).filter((text) => text.startsWith(`sim/${name}_`));
    assert.is(own.length, failed, own.join(""));
    assert.match(own.join(""), said);
  }
  assert.match(err, "a b    (Actual)");
  assert.match(err, "sim/broken_test.ts:1: error: loading the file\n  TypeError: SyntaxError");
  const all = Object.values(wrong).map(([, counts]) => counts);
  const passed = all.reduce((sum, [passed]) => sum + passed, 4);
  const failed = all.reduce((sum, [, failed]) => sum + failed, 1);
  assert.is(last(out), `${passed} passed, ${failed} failed`);
});

test("a proof that fails fails", async () => {
  const files = { "sim/a_test.ts": file(`${good} test.run();`) };
  const counted = await run(files, {
    proof: "echo here: error: why >&2 && echo 3 passed, 2 failed && false",
  });
  assert.equal([counted.code, last(counted.out)], [1, "5 passed, 2 failed"]);
  assert.match(counted.err, "here: error: why");
  const liar = await run(files, { proof: "echo 3 passed, 0 failed && false" });
  assert.equal([liar.code, last(liar.out)], [1, "5 passed, 1 failed"]);
});

test("a filter chooses, and one that fits nothing names one that is near", async () => {
  const files = { "sim/alpha_test.ts": file(`${good} test.run();`) };
  assert.is(last((await run(files, { args: ["sim/a"] })).out), "1 passed, 0 failed");
  assert.is(last((await run(files, { args: ["kata"] })).out), "3 passed, 0 failed");
  const wrong = await run(files, { args: ["alhpa"] });
  assert.equal([wrong.code, wrong.err], [
    1,
    `error: there is no test "alhpa"\n  Did you mean alpha?\n`,
  ]);
  assert.is(
    (await run(files, { args: ["nothing"] })).err,
    `error: there is no test "nothing"\n  A word is a part of a path: sim, site, kata\n`,
  );
});

test.run();
