// The proof is proved: every way in which a kata can lie is found, at its place.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkKatas } from "./check.ts";
import { loadKatas } from "./list.ts";
import { exercise, readme, suite, toyProject } from "./toy.ts";
import { typeProblems } from "./types.ts";

const DIR = "kata/00-the-sum";

/** The problems of the toy kata with some of its files changed, a line each; the compiler is asked where it matters. */
async function problems(
  files: Record<string, string>,
  check: typeof typeProblems = () => Promise.resolve([]),
): Promise<string[]> {
  await toyProject(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`${DIR}/${name}`, text])),
  );
  return (await checkKatas(await loadKatas(), () => {}, check)).problems.map((problem) =>
    String(problem).split("\n")[0]!
  );
}

const wrong = (body: string, rejectedBy: string, believed = "something") =>
  `// Believed: ${believed}.\n// Rejected by: ${rejectedBy}\nexport function sum(a: number, b: number): number {\n  ${body}\n}\n`;

test("a sound kata has no problem, and what the learner did does not matter", async () => {
  assert.equal(
    await problems({ "attempt.ts": "nonsense(", "attempt.1.ts": "more" }, typeProblems),
    [],
  );
});

test("an exercise that is solved, crashes or does not compile", async () => {
  assert.equal(await problems({ "exercise.ts": exercise.replace("a + zero", "a + _b + zero") }), [
    `${DIR}/exercise.ts:1: error: the exercise passes: it is already solved`,
  ]);
  const crash = await problems({
    "exercise.ts": exercise.replace("return a", "if (a) throw new Error('x');\n  return a"),
  });
  assert.match(
    crash.join(),
    `${DIR}/exercise.ts:5: error: the exercise does not fail by assertion`,
  );
  const typed = await problems(
    { "exercise.ts": exercise.replace("a + zero", "`${a + zero}`") },
    typeProblems,
  );
  assert.match(typed.join(), `${DIR}/exercise.ts:5:3: error: TS2322`);
  assert.match(
    (await problems({ "exercise.ts": exercise.replace("TODO", "") })).join(),
    "0 places marked TODO",
  );
});

test("a solution that fails", async () => {
  assert.match(
    (await problems({
      "solution.ts": "export function sum(a: number, b: number) {\n  return a + b + 1;\n}\n",
    })).join(),
    `${DIR}/solution.ts:1: error: the solution does not pass: two numbers are added`,
  );
});

test("a wrong fix that passes, is rejected by another test, or says nothing", async () => {
  const found = await problems({
    "wrong/product.ts": wrong("return a + b;", "two numbers are added"),
    "wrong/second.ts": wrong("return b + 0 * a;", "many pairs"),
    "wrong/constant.ts": "export function sum(_a: number, _b: number): number {\n  return 3;\n}\n",
  });
  assert.equal(found.sort(), [
    `${DIR}/wrong/constant.ts:1: error: it does not say what it believed and which test rejects it`,
    `${DIR}/wrong/product.ts:1: error: the wrong fix passes`,
    `${DIR}/wrong/second.ts:2: error: it is rejected by another test: "two numbers are added"`,
  ]);
});

test("a wrong fix that hangs or crashes is not rejected by a test", async () => {
  const found = await problems({
    "wrong/product.ts": wrong("Deno.exit(0); return a + b;", "two numbers are added"),
  });
  assert.match(
    found.join(),
    "product.ts:1: error: it is not rejected by a test: two numbers are added: the run was ended",
  );
});

test("two wrong fixes that are rejected by one assertion", async () => {
  const found = await problems({
    "wrong/third.ts": wrong("return b + b * 0 * a;", "two numbers are added"),
  });
  assert.match(
    found.join("\n"),
    `${DIR}/wrong/third.ts:1: error: it is rejected by the same assertion as ${DIR}/wrong/second.ts`,
  );
  assert.match(found.join("\n"), "by the same message");
});

test("a suite that looks at the spelling", async () => {
  const spelled = suite.replace(
    `test("zero`,
    `test("no cheating", () => assert.not.match(String(kata.sum), /helper/, "do not use a helper"));\n  test("zero`,
  );
  const found = await problems({
    "test.ts": spelled,
    "wrong/helper.ts": "// Believed: x.\n// Rejected by: no cheating\n" +
      "const helper = (a: number, b: number) => a + b;\n" +
      "export function sum(a: number, b: number): number {\n  return helper(a, b);\n}\n",
  });
  assert.equal(found, [
    `${DIR}/wrong/helper.ts:1: error: renamed and reformatted, the same fix gets another verdict: it passes`,
  ]);
});

test("a message that is empty", async () => {
  const found = await problems({
    "test.ts": suite.replace("the sum of 1 and 2 is 3; look at what sum() returns", ""),
  });
  assert.match(
    found.join("\n"),
    "wrong/second.ts:1: error: the failure tells nobody what is wrong",
  );
});

test("a suite that tests nothing, hides tests or throws", async () => {
  const empty = suite.slice(0, suite.indexOf("  test(")) + "  return test;\n};\n";
  assert.match(
    (await problems({ "test.ts": empty })).join("\n"),
    "solution.ts:1: error: the solution does not pass: counting the tests: the suite declares no test",
  );
  const only = suite.replace(`test("two`, `(test as any).only("two`);
  assert.match((await problems({ "test.ts": only })).join("\n"), "test.only() hides tests");
  const thrown = suite.replace("return test;", "throw new Error('outside');");
  assert.match(
    (await problems({ "test.ts": thrown })).join("\n"),
    "the suite threw outside a test: outside",
  );
});

test("too few wrong fixes, too few hints, a chapter that does not know the kata", async () => {
  await toyProject({
    "chapters/00-owners.md": "---\nkatas: [another]\n---\n",
    [`${DIR}/README.md`]: readme.split("### Hint 3")[0]!,
  });
  await Deno.remove(`${DIR}/wrong/product.ts`);
  const found = (await checkKatas(await loadKatas())).problems.map((problem) =>
    String(problem).split("\n")[0]!
  );
  assert.equal(found, [
    "chapters/00-owners.md:1: error: there is no kata another of chapter 00",
    "chapters/00-owners.md:1: error: the kata the-sum is not named here",
    `${DIR}/README.md:1: error: a kata has three hints, each of rising frankness`,
    `${DIR}/wrong: error: 4 wrong fixes, a kata has at least 5`,
  ]);
});

test("no kata at all is no proof", async () => {
  assert.is((await checkKatas([])).problems.length > 0, true);
});

test.run();
