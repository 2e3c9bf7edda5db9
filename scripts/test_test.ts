// The tests are tested: each way in which uvu is green without having tested is red here.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { toyProject } from "./kata/toy.ts";

const script = new URL("./test.ts", import.meta.url).href;

/** Runs the tests of a project that has one test file, and proofs that end as told. */
async function run(
  body: string,
  { args = [] as string[], proof = "echo 3 passed, 0 failed && true", path = "sim/a_test.ts" } = {},
): Promise<{ code: number; out: string; err: string }> {
  const config = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  config.tasks = { chapter: "echo all is well && true", kata: proof };
  await toyProject({ "deno.json": JSON.stringify(config), ...body && { [path]: body } });
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--allow-read",
      "--allow-run=deno,sh",
      "--allow-env=TMPDIR",
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

test("tests that pass are counted, together with the proofs", async () => {
  const { code, out, err } = await run(
    file(`${good} test("async", async () => { await 1; }); test.run();`),
  );
  assert.equal([code, last(out), err], [0, "6 passed, 0 failed", ""]);
});

test("in a pipe, every file and proof is a line, as soon as it is through", async () => {
  const { out } = await run(file(`${good} test.run();`));
  const lines = out.trimEnd().split("\n");
  assert.equal(lines.map((line) => line.replace(/ {2}.*/, "")), [
    "1 of 3",
    "2 of 3",
    "3 of 3",
    "5 passed, 0 failed",
  ]);
  assert.match(out, "3  sim/a_test.ts: 1 passed, 0 failed\n");
  assert.match(out, "3  kata --check: 3 passed, 0 failed\n");
});

test("a failure is told with its file, line, name, message and comparison", async () => {
  const { code, out, err } = await run(
    file(`${good} test("bad", () => {\n  assert.is("a b", "a c", "they differ");\n}); test.run();`),
  );
  assert.equal([code, last(out)], [1, "5 passed, 1 failed"]);
  assert.match(err, "sim/a_test.ts:6: error: bad\n  they differ\n");
  assert.match(err, "a b    (Actual)");
});

test("a hook that throws is a failure", async () => {
  for (const hook of ["before", "before.each", "after", "after.each"]) {
    const { code, err } = await run(
      file(`test.${hook}(() => { throw new Error("hooked"); }); ${good} test.run();`),
    );
    assert.is(code, 1);
    assert.match(err, `hooked`);
  }
});

test("a value that is no Error is a failure, and the other tests still run", async () => {
  const { code, out, err } = await run(
    file(
      `test("word", () => { throw "w"; }); test("nothing", () => { throw undefined; }); ${good} test.run();`,
    ),
  );
  assert.equal([code, last(out)], [1, "5 passed, 2 failed"]);
  assert.match(err, `"w" was thrown, which is not an Error`);
});

test("a file or a suite that nobody runs is a failure", async () => {
  assert.match((await run(file(good))).err, "error: good\n  it did not run");
  const second = await run(file(`${good} test.run(); const b = suite("b"); b("lost", () => {});`));
  assert.equal([second.code, last(second.out)], [1, "5 passed, 2 failed"]);
  assert.match(second.err, "error: b: lost\n  it did not run");
});

test("a file without a test is a failure", async () => {
  const { code, err } = await run(file("test.run();"));
  assert.is(code, 1);
  assert.match(err, "it declares no test");
});

test("leaving early is a failure", async () => {
  for (const leave of ["Deno.exit(0)", "process.exit(0)"]) {
    const { code, err } = await run(
      file(`test("leaves", () => { (globalThis as any).${leave}; }); ${good} test.run();`),
    );
    assert.is(code, 1);
    assert.match(
      err,
      "sim/a_test.ts: error: leaves\n  the file ended early with status 0: something called Deno.exit()",
    );
  }
});

test("only hides tests, so it is a failure; skip is told", async () => {
  assert.match(
    (await run(file(`${good} test.only("this", () => {}); test.run();`))).err,
    `test.only("this") hides`,
  );
  const { code, out } = await run(file(`${good} test.skip("the gap"); test.run();`));
  assert.is(code, 0);
  assert.match(out, /\nskipped sim\/a_test.ts: the gap\n5 passed, 0 failed\n$/);
});

test("two tests of one name, and a test that never ends by itself, are failures", async () => {
  assert.match((await run(file(`${good} ${good} test.run();`))).err, `two tests are named "good"`);
  assert.match(
    (await run(file(`test("waits", () => new Promise(() => {})); test.run();`))).err,
    "error: waits\n  the file ended early with status 1: it waits for a promise that nothing settles",
  );
});

test("a file that does not load, and an error that nobody waits for, are failures", async () => {
  assert.match(
    (await run("const a = ;")).err,
    "sim/a_test.ts:1: error: loading the file\n  TypeError: SyntaxError",
  );
  assert.match(
    (await run(
      file(
        `test("late", async () => { Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 50)); }); test.run();`,
      ),
    )).err,
    "error: late\n  the file ended early with status 1: Error: lost",
  );
});

test("a test of sim may do nothing but compute", async () => {
  const { code, err } = await run(
    file(`test("reads", () => { Deno.readTextFileSync("deno.json"); }); test.run();`),
  );
  assert.is(code, 1);
  assert.match(err, "NotCapable");
});

test("a proof that fails fails", async () => {
  const body = file(`${good} test.run();`);
  const counted = await run(body, {
    proof: "echo here: error: why >&2 && echo 3 passed, 2 failed && false",
  });
  assert.equal([counted.code, last(counted.out)], [1, "5 passed, 2 failed"]);
  assert.match(counted.err, "here: error: why");
  const liar = await run(body, { proof: "echo 3 passed, 0 failed && false" });
  assert.equal([liar.code, last(liar.out)], [1, "5 passed, 1 failed"]);
});

test("a filter chooses, and one that fits nothing names one that is near", async () => {
  const body = file(`${good} test.run();`);
  const path = "sim/alpha_test.ts";
  assert.is(last((await run(body, { path, args: ["sim/a"] })).out), "1 passed, 0 failed");
  assert.is(last((await run(body, { path, args: ["kata"] })).out), "3 passed, 0 failed");
  const wrong = await run(body, { path, args: ["alhpa"] });
  assert.equal([wrong.code, wrong.err], [
    1,
    `error: no test has "alhpa" in its path\n  Did you mean alpha?\n`,
  ]);
  assert.is(
    (await run(body, { path, args: ["nothing"] })).err,
    `error: no test has "nothing" in its path\n  A word is a part of a path: sim, site, kata\n`,
  );
});

test.run();
