import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseArgued } from "./argued.ts";
import { mutantsOf } from "./sites.ts";

const source = `function f(a) {
  return a < 3;
}
function g(a) {
  return a < 3 || a > 4;
}
`;
const mutants = mutantsOf("sim/a.ts", source);

/** What is wrong with a text, and how many mutants each sound line argues for. */
function parse(text: string): { told: string[]; counts: number[] } {
  const { argued, problems } = parseArgued(text, mutants, "argued.txt");
  return { told: problems.map(String), counts: argued.map(({ mutants }) => mutants.length) };
}

test("parseArgued() reads a line as it is printed, with a reason; blank lines and comments are none", () => {
  const text = "# Why\n\nsim/a.ts: `a > 4` → `a >= 4`: a is odd\n";
  const { argued, problems } = parseArgued(text, mutants, "argued.txt");
  assert.equal(problems, []);
  assert.equal(argued.map(({ line, reason }) => [line, reason]), [[3, "a is odd"]]);
  assert.equal(argued[0]!.mutants.map(({ line, operator }) => [line, operator]), [[5, "compare"]]);
});

test("a line that fits several functions wants the name of one", () => {
  assert.equal(parse("sim/a.ts: `a < 3` → `a <= 3`: why").told, [
    "argued.txt:1: error: 2 mutants look like this\n  Name the function: sim/a.ts#f, sim/a.ts#g",
  ]);
  assert.equal(parse("sim/a.ts#g: `a < 3` → `a <= 3`: why"), { told: [], counts: [1] });
});

test("a mutant that is not there, any more or yet, is an error at its line", () => {
  for (
    const line of [
      "sim/a.ts: `a < 5` → `a <= 5`: why",
      "sim/a.ts: `a < 3` → `a == 3`: why",
      "sim/b.ts: `a > 4` → `a >= 4`: why",
      "sim/a.ts#f: `a > 4` → `a >= 4`: why",
    ]
  ) {
    assert.match(
      parse(`\n${line}`).told.join(),
      /^argued.txt:2: error: there is no such mutant/,
      line,
    );
  }
});

test("a line without a reason, and one of another form, are errors", () => {
  for (
    const line of ["sim/a.ts: `a > 4` → `a >= 4`:", "sim/a.ts:5: `a > 4` → `a >= 4`: why", "x"]
  ) {
    assert.match(
      parse(line).told.join(),
      /^argued.txt:1: error: this is not a mutant and a reason/,
      line,
    );
  }
});

test("what is argued twice is an error", () => {
  const line = "sim/a.ts: `a > 4` → `a >= 4`: why\n";
  assert.match(parse(line + line).told.join(), /^argued.txt:2: error: this is argued already/);
});

test.run();
