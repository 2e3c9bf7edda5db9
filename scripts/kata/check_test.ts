// The proof is proved: every way in which a kata can lie is found, at its place. One project has a sound kata and one for
// each of these ways, and is checked once: a check is an answer for each kata, and most of its time is the compiler's.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkKatas } from "./check.ts";
import { loadKatas } from "./list.ts";
import { exercise, hints, suite, sumKata, toyProject, wrongFix, wrongFixes } from "./toy.ts";

const { "wrong/product.ts": _, ...fourWrongs } = wrongFixes;
const firstTest = "two numbers are added";

const spelled = suite.replace(
  `test("zero`,
  `test("no cheating", () => assert.not.match(String(kata.sum), /helper/, "do not use a helper"));\n  test("zero`,
);
const helper = "// Believed: x.\n// Rejected by: no cheating\n" +
  "const helper = (a: number, b: number) => a + b;\n" +
  "export function sum(a: number, b: number): number {\n  return helper(a, b);\n}\n";

/** What is changed in a kata, and which wrong fixes it has: where these do not matter, none. */
const katas: Record<string, [changed: Record<string, string>, wrongs?: Record<string, string>]> = {
  "00-the-sum": [{ "attempt.ts": "nonsense(", "attempt.1.ts": "more" }, wrongFixes],
  "00-solved": [{ "exercise.ts": exercise.replace("a + zero", "a + _b + zero") }],
  "00-crashes": [{
    "exercise.ts": exercise.replace("return a", "if (a) throw new Error('x');\n  return a"),
  }],
  "00-typed": [{ "exercise.ts": exercise.replace("a + zero", "`${a + zero}`") }],
  "00-unmarked": [{ "exercise.ts": exercise.replace("TODO", "") }],
  "00-unsolved": [{
    "solution.ts": "export function sum(a: number, b: number) {\n  return a + b + 1;\n}\n",
  }],
  "00-wrongs": [{}, {
    ...wrongFixes,
    "wrong/absolute.ts": "export function sum(_a: number, _b: number): number {\n  return 3;\n}\n",
    "wrong/constant.ts": wrongFix("something", "many pairs", "return 3 + 0 * (a + b);"),
    "wrong/product.ts": wrongFix("something", firstTest, "return a + b;"),
    "wrong/third.ts": wrongFix("something", firstTest, "return b + b * 0 * a;"),
  }],
  "00-leaves": [{}, {
    "wrong/leaves.ts": wrongFix("something", firstTest, "Deno.exit(0); return a + b;"),
  }],
  "00-spelling": [{ "test.ts": spelled }, { "wrong/helper.ts": helper }],
  "00-parts": [{
    "solution.ts": "export const add = (a: number, b: number) => a + b;\nexport const sum = add;\n",
    "test.ts": spelled.replace("/helper/", "/add/"),
  }, {
    "wrong/leans.ts":
      `// Believed: x.\n// Rejected by: no cheating\nexport * from "../solution.ts";\n` +
      `import { add } from "../solution.ts";\n` +
      "export const sum = (a: number, b: number) => add(a, b);\n",
  }],
  "00-silent": [{
    "test.ts": suite.replace("the sum of 1 and 2 is 3; look at what sum() returns", ""),
  }, { "wrong/second.ts": wrongFixes["wrong/second.ts"]! }],
  "00-empty": [{
    "test.ts": suite.slice(0, suite.indexOf("  test(")) + "  return test;\n};\n",
  }],
  "00-only": [{ "test.ts": suite.replace(`test("two`, `(test as any).only("two`) }],
  "00-throws": [{ "test.ts": suite.replace("return test;", "throw new Error('outside');") }],
  "00-few": [{ "hints.md": hints.split("## Hint 3")[0]! }, fourWrongs],
  "00-reads": [{
    "test.ts": `import config from "../../deno.json" with { type: "text" };\n${
      suite.replace("return test;", "console.log(config); return test;")
    }`,
  }],
  "00-leads": [{
    "test.ts": `import "../helper.ts";\n${suite}`,
    "../helper.ts": `import "./00-leads/hints.md";\n`,
  }],
  "00-unnamed": [{}],
};

/** The first lines of all problems. */
const told = (async () => {
  const files = Object.entries(katas).map(([folder, [changed, wrongs = {}]]) =>
    sumKata(folder, changed, wrongs)
  );
  const slugs = Object.keys(katas).map((folder) => folder.slice(3));
  const named = ["another", ...slugs.filter((slug) => slug !== "unnamed")];
  await toyProject(Object.assign(
    { "chapters/00-owners.md": `---\nkatas: [${named.join(", ")}]\n---\n` },
    ...files,
  ));
  const { problems } = await checkKatas(await loadKatas());
  return problems.map((problem) => String(problem).split("\n")[0]!);
})();

/** What is said of one kata, without its folder; that it has no wrong fixes is not said again. */
async function problems(folder: string): Promise<string[]> {
  const path = `kata/${folder}`;
  return (await told).filter((text) => text.startsWith(path) && !text.includes("0 wrong fixes"))
    .map((text) => text.slice(path.length + 1)).sort();
}

test("a sound kata has no problem, and what the learner did does not matter", async () => {
  assert.equal(await problems("00-the-sum"), []);
});

test("an exercise that is solved, crashes or does not compile", async () => {
  assert.equal(await problems("00-solved"), [
    "exercise.ts:1: error: the exercise passes: it is already solved",
  ]);
  assert.equal(await problems("00-crashes"), [
    "exercise.ts:5: error: the exercise does not fail by assertion: two numbers are added: Error: x",
  ]);
  assert.equal(await problems("00-typed"), [
    "exercise.ts:5:3: error: TS2322: Type 'string' is not assignable to type 'number'.",
  ]);
  assert.equal(await problems("00-unmarked"), [
    "exercise.ts:1: error: the exercise has 0 places marked TODO",
  ]);
});

test("a solution that fails", async () => {
  const [said, ...more] = await problems("00-unsolved");
  assert.match(said!, `solution.ts:1: error: the solution does not pass: ${firstTest}: `);
  assert.equal(more, []);
});

test("wrong fixes that pass, are rejected by another test or assertion, or say nothing", async () => {
  assert.equal(await problems("00-wrongs"), [
    "wrong/absolute.ts:1: error: it does not say what it believed and which test rejects it",
    `wrong/constant.ts:2: error: it is rejected by another test: "zero changes nothing"`,
    "wrong/product.ts:1: error: the wrong fix passes",
    "wrong/third.ts:1: error: it is rejected by the same assertion as kata/00-wrongs/wrong/second.ts",
    "wrong/third.ts:1: error: it is rejected by the same message as kata/00-wrongs/wrong/second.ts",
  ]);
});

test("a wrong fix that hangs or crashes is not rejected by a test", async () => {
  assert.match(
    (await problems("00-leaves")).join(),
    `leaves.ts:1: error: it is not rejected by a test: ${firstTest}: the run was ended`,
  );
});

test("a suite that looks at the spelling", async () => {
  assert.equal(await problems("00-spelling"), [
    "wrong/helper.ts:1: error: renamed and reformatted, the same fix gets another verdict: it passes",
    "wrong: error: 1 wrong fixes, a kata has at least 5",
  ]);
});

test("a suite that looks at the spelling of what a wrong fix has from the solution", async () => {
  assert.equal(await problems("00-parts"), [
    "wrong/leans.ts:1: error: renamed and reformatted, the same fix gets another verdict: it passes",
    "wrong: error: 1 wrong fixes, a kata has at least 5",
  ]);
});

test("a message that is empty", async () => {
  assert.match(
    (await problems("00-silent")).join(),
    "wrong/second.ts:1: error: the failure tells nobody what is wrong",
  );
});

test("a suite that tests nothing, hides tests or throws", async () => {
  for (
    const [folder, why] of [
      ["00-empty", "counting the tests: the suite declares no test"],
      [
        "00-only",
        "loading: the suite threw outside a test: test.only() hides tests: a kata runs all of them",
      ],
      ["00-throws", "loading: the suite threw outside a test: outside"],
    ] as const
  ) {
    assert.equal(await problems(folder), [
      `exercise.ts:1: error: the exercise does not fail by assertion: ${why}`,
      `solution.ts:1: error: the solution does not pass: ${why}`,
    ]);
  }
});

test("a suite that reads a file as text, or has something read for it, is not run", async () => {
  const imports = (what: string) =>
    `error: it imports "${what}: a suite imports from "sim", uvu and what katas share`;
  const none = "wrong: error: 0 wrong fixes, a kata has at least 5";
  assert.equal(await problems("00-reads"), [
    `test.ts:1: ${imports('../../deno.json" with attributes')}`,
  ]);
  assert.ok(
    (await told).some((text) => text === `kata/helper.ts:1: ${imports('./00-leads/hints.md"')}`),
  );
  assert.not((await told).includes(`kata/00-reads/${none}`));
});

test("too few wrong fixes, too few hints, a chapter that does not know the kata", async () => {
  assert.equal(await problems("00-few"), [
    "hints.md:1: error: a kata has three hints, each of rising frankness",
    "wrong: error: 4 wrong fixes, a kata has at least 5",
  ]);
  assert.ok(
    (await told).includes("kata/00-unnamed/wrong: error: 0 wrong fixes, a kata has at least 5"),
  );
  assert.equal((await told).filter((text) => text.startsWith("chapters/")), [
    "chapters/00-owners.md:1: error: there is no kata another of chapter 00",
    "chapters/00-owners.md:1: error: the kata unnamed is not named here",
  ]);
});

test("no kata at all is no proof", async () => {
  assert.is((await checkKatas([])).problems.length > 0, true);
});

test.run();
