// The mutants of a toy: one for each stage that can notice one, a loop that does not end, one that no test notices, and
// one that is no program.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { rules, toyConfig, toyProject } from "./kata/toy.ts";
import { mutants } from "./mutants.ts";
import { refusal } from "./tool/refusal.ts";

const script = new URL("./mutants.ts", import.meta.url).href;
const tests = new URL("./test.ts", import.meta.url).href;

const sim = `// This module is browser compatible.
export { last } from "./last.ts";
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
  at(n: number) { return n ? this.trace.slice(-n) : []; }
  story() { return this.ops; }
  reasons() { return []; }
}
export const frames = (state: string[]) => ({ toString: () => state.join("\\n") }), framesText = (state: string[]) => state.join("\\n");
export const zero = Number("");
export const limit = 7;
export const after = (a: string, b: string) => a > b;
export const before = (a: string, b: string) => a < b;
export const named = (item?: { name: string }) => item ? item.name : "none";
export const upTo = (a: string, b: string) => a <= b;
${rules}`;
const files = {
  "sim/mod.ts": sim,
  "sim/last.ts": `// This module is browser compatible.
export function last(items: readonly string[]): string | undefined {
  const rest = [...items];
  let found: string | undefined;
  while (rest.length) found = rest.shift();
  return found;
}
`,
  "sim/mod_test.ts": `import { test } from "uvu";
import * as assert from "uvu/assert";
import { before, last } from "./mod.ts";
test("last()", () => assert.is(last([]), undefined));
test("before()", () => assert.not(before("a", "a")));
test.run();
`,
  "kata/limit_test.ts": `import { test } from "uvu";
import * as assert from "uvu/assert";
import { limit } from "sim";
test("the limit is above 6", () => assert.ok(limit > 6));
test.run();
`,
  "kata/after_test.ts": `import { test } from "uvu";
import * as assert from "uvu/assert";
import { after } from "sim";
test("after()", () => assert.not(after("a", "a")));
test.run();
`,
  "kata/alone_test.ts":
    `import { test } from "uvu";\ntest("needs nothing", () => {});\ntest.run();\n`,
};
const survivor = "`const limit = 7;` → `const limit = 8;`";
const uncalled = "`a <= b` → `a < b`";
const noticed = "`a < b` → `a <= b`";

/** Runs the task in the toy; `changed` are files of it that are other ones. */
async function run(args: string[], changed: Record<string, string> = {}) {
  const proof = "echo 1 passed, 0 failed && true";
  const test = `deno run -q --allow-read --allow-run=deno,sh --allow-env "${tests}"`;
  const config = await toyConfig({ chapter: proof, kata: proof, test });
  const dir = await toyProject({ "deno.json": config, ...files, ...changed });
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      ...["run", "--quiet", "--no-check", "--no-prompt", "--allow-read=.", "--allow-write=.woven"],
      ...["--allow-run=bash", "--allow-env=LOG,INIT_CWD,COLUMNS", script, ...args],
    ],
    cwd: dir,
    env: { NO_COLOR: "1", INIT_CWD: `${dir}/sim`, COLUMNS: "80" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { dir, code, lines: text(stdout).trimEnd().split("\n"), err: text(stderr) };
}

test("a mutant is noticed by sim's tests, a kata or another test, or argued; the working tree stays as it is", async () => {
  const { dir, code, lines, err } = await run(["--seed", "1"], {
    "scripts/mutants/argued.txt": `sim/mod.ts: ${uncalled}: nobody comes near it\n`,
  });
  assert.equal([code, err.split("\n")], [1, [
    `sim/mod.ts:19: error: ${survivor}: no test notices`,
    `sim/mod.ts:23: argued: ${uncalled}: nobody comes near it`,
    "",
    "",
  ]]);
  assert.is(lines[0], "8 of 8 mutants, seed 1");
  assert.equal(lines.slice(1, 5), [
    "             sites  sampled  killed",
    "sim/last.ts      1        1       1",
    "sim/mod.ts       7        6       4",
    "in all           8        7       5",
  ]);
  assert.equal(lines.slice(6, 11), [
    "2 killed by the simulator's tests",
    "1 killed by the katas' suites",
    "2 killed by the other tests",
    "2 alive, 1 of them argued",
    "1 more does not type-check and is no mutant",
  ]);
  assert.match(lines[11]!, /^\d+\.\d s of CPU time for each$/);
  assert.equal(lines.slice(12), ["5 of 7 killed, 71.4 %"]);
  assert.is(await Deno.readTextFile(`${dir}/sim/mod.ts`), sim);
  assert.equal(await Array.fromAsync(Deno.readDir(`${dir}/.woven`)), []);
});

test("what a test notices cannot be argued", async () => {
  const wrong = { "scripts/mutants/argued.txt": `\nsim/mod.ts: ${noticed}: it was so once\n` };
  const killed = await run(["--only", "mod.ts:21", "--jobs=1"], wrong);
  assert.equal([killed.code, killed.err, killed.lines.at(-1)], [
    1,
    "scripts/mutants/argued.txt:2: error: a test notices this one\n  Take the line out.\n",
    "1 of 1 killed, 100.0 %",
  ]);
});

test("with enough of them killed the status is 0; with a line of argued.txt that fits nothing it is 1", async () => {
  const good = await run(["--only", "mod.ts:21"]);
  assert.equal([good.code, good.err, good.lines.at(-1)], [0, "", "1 of 1 killed, 100.0 %"]);
  const stale = { "scripts/mutants/argued.txt": "sim/mod.ts: `a > b` → `a == b`: why\n" };
  const { code, err } = await run([], stale);
  assert.is(code, 1);
  assert.match(err, /^scripts\/mutants\/argued.txt:1: error: there is no such mutant/);
});

test("a test that is red without any mutant is told, and nothing is judged", async () => {
  const red = files["sim/mod_test.ts"].replace("assert.not", "assert.ok");
  const { code, err } = await run([], { "sim/mod_test.ts": red });
  assert.is(code, 1);
  assert.match(
    err,
    "error: sim/mod_test.ts fails without any mutant\n  sim/mod_test.ts: before(): ",
  );
});

test("--list tells the mutants, or a sample of them, which the seed decides", async () => {
  const { code, lines } = await run(["--list"]);
  assert.is(code, 0);
  assert.equal(lines, [
    "sim/last.ts:5:10: negate: `rest.length` → `!(rest.length)`",
    "sim/mod.ts:13:26: negate: `n` → `!(n)`",
    "sim/mod.ts:19:22: number: `const limit = 7;` → `const limit = 8;`",
    "sim/mod.ts:19:22: number: `const limit = 7;` → `const limit = 6;`",
    "sim/mod.ts:20:50: compare: `a > b` → `a >= b`",
    "sim/mod.ts:21:51: compare: `a < b` → `a <= b`",
    "sim/mod.ts:22:51: negate: `item` → `!(item)`",
    "sim/mod.ts:23:49: compare: `a <= b` → `a < b`",
  ]);
  const sample = async (seed: string) =>
    (await run(["--list", "--sample", "3", "--seed", seed])).lines;
  const five = await sample("5");
  assert.is(five.length, 3);
  assert.equal(await sample("5"), five);
  assert.not.equal(await sample("6"), five);
  assert.equal((await run(["--list", "--only", "last.ts:5:10"])).lines, lines.slice(0, 1));
});

test("what is typed wrong is told, with what may be meant", async () => {
  await toyProject(files);
  const told = (...args: string[]) => refusal(mutants, args);
  assert.is(
    await told("--sampel", "3"),
    "error: there is no option --sampel\n  Did you mean --sample?",
  );
  assert.is(
    await told("--sample", "many"),
    `error: --sample wants a whole number, and not "many"\n  At least 1, below 2^32`,
  );
  assert.is(
    await told("--only", "sim/lsat.ts"),
    "error: there is no file sim/lsat.ts of the simulator\n  Did you mean sim/last.ts?",
  );
  assert.is(
    await told("--only", "sim/last.ts:4"),
    "sim/last.ts:4: error: nothing is decided here\n  deno task mutants --list --only sim/last.ts",
  );
  assert.match(await told("last.ts"), '"last.ts" is one word too many');
});

test.run();
