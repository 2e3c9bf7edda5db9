// `deno task kata` as a learner types it, in a project whose path has spaces, in a pipe.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { toyProject } from "./kata/toy.ts";

const script = new URL("./kata.ts", import.meta.url).href;
const DIR = "kata/00-the-sum";

async function kata(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--no-prompt",
      "--allow-read",
      "--allow-write=kata,.woven,.progress.json",
      "--allow-run=deno",
      "--allow-env=FORCE_COLOR,NODE_DISABLE_COLORS,NO_COLOR,TERM,LOG",
      script,
      ...args,
    ],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

const solve = () => Deno.copyFile(`${DIR}/solution.ts`, `${DIR}/attempt.ts`);

test("the first run tells the task, begins the attempt, and fails with one story", async () => {
  await toyProject();
  const { code, out, err } = await kata("the-sum");
  assert.equal([code, err], [1, ""]);
  assert.is(
    out,
    `The sum

A driver adds two numbers, and gets one of them.

Repair \`sum\`.

Takes 5 minutes.

kata/00-the-sum/attempt.ts is new, a copy of exercise.ts: this is the file to
edit.
To run it on every save: deno task kata watch the-sum

✗ the-sum: 0 of 3 promises kept

  two numbers are added

  What happened:
    add(1, 2)
  The frames (- now, + as promised):
    - pfn 1  sum 1
    + pfn 1  sum 3

  the sum of 1 and 2 is 3; look at what sum() returns

  kata/00-the-sum/attempt.ts:4
  types: no errors

Stuck? 3 hints left: deno task kata hint the-sum
`,
  );
  assert.not.match((await kata("00-the-sum")).out, "is new");
});

test("the list follows the files, not what was once achieved", async () => {
  await toyProject();
  assert.match((await kata()).out, /0 of 1 done[^]*5 min[^]*deno task kata the-sum/);
  await solve();
  assert.match((await kata()).out, /1 of 1 done[^]*✓ 00 {2}the-sum {2}done[^]*All katas are done/);
  await Deno.writeTextFile(`${DIR}/attempt.ts`, "export function sum(a: number) { return a; }\n");
  assert.match((await kata()).out, /0 of 1 done[^]*… 00 {2}the-sum {2}0 of 3/);
  await Deno.writeTextFile(`${DIR}/attempt.ts`, "export const x = 1;\n");
  assert.match((await kata()).out, "cannot be judged yet");
});

test("passing opens the solution; a type error is told after it, and is not well", async () => {
  await toyProject();
  await solve();
  const { code, out } = await kata("the-sum");
  assert.is(code, 0);
  assert.match(out, "✓ the-sum: 3 of 3 promises kept");
  assert.match(out, "deno task kata solution the-sum");
  await Deno.writeTextFile(
    `${DIR}/attempt.ts`,
    "export function sum(a: number, b: number): string {\n  return a + b;\n}\n",
  );
  const typed = await kata("the-sum");
  assert.is(typed.code, 1);
  assert.match(
    typed.out,
    /3 of 3 promises kept\n {2}types: TS2322 [^]*\n {2}kata\/00-the-sum\/attempt.ts:2:3/,
  );
});

test("hints come one at a time and stay", async () => {
  await toyProject();
  const first = await kata("hint", "the-sum");
  assert.match(first.out, "Look at what is not used.");
  assert.not.match(first.out, "Two parameters");
  assert.match(first.out, "2 more");
  const second = await kata("hint", "the-sum");
  assert.match(second.out, /Look at what[^]*Two parameters/);
  await kata("hint", "the-sum");
  const last = await kata("hint", "the-sum");
  assert.match(last.out, /Look at[^]*Two parameters[^]*a \+ b[^]*That was the last/);
});

test("reset keeps what there was, and the solution is shown against it", async () => {
  await toyProject();
  assert.match((await kata("solution", "the-sum")).out, "return a + b;");
  await Deno.writeTextFile(`${DIR}/attempt.ts`, "export const mine = 1;\n");
  const { out } = await kata("solution", "the-sum");
  assert.match(out, "- export const mine = 1;");
  assert.match(out, "+   return a + b;");
  assert.match((await kata("reset", "the-sum")).out, "kept as kata/00-the-sum/attempt.1.ts");
  assert.is(await Deno.readTextFile(`${DIR}/attempt.1.ts`), "export const mine = 1;\n");
});

test("what does not exist is answered with the nearest that does", async () => {
  await toyProject();
  const cases: [args: string[], err: string][] = [
    [["the-smu"], `error: there is no kata "the-smu"\n  Did you mean the-sum?\n`],
    [["hnit", "the-sum"], `error: there is no kata "hnit", and no command\n  Did you mean hint?\n`],
    [["hint", "sum"], `error: there is no kata "sum"\n  Did you mean the-sum?\n`],
    [["--chekc"], `error: there is no option --chekc\n  Did you mean --check?\n`],
    [["hint"], `error: hint wants a kata\n  deno task kata hint the-sum\n`],
    [["the-sum", "now"], `error: "now" is one word too many\n  deno task kata --help\n`],
  ];
  for (const [args, err] of cases) assert.equal(await kata(...args), { code: 1, out: "", err });
});

test("--check proves the katas whatever the attempts are, and says where it cannot", async () => {
  await toyProject();
  await Deno.writeTextFile(`${DIR}/attempt.ts`, "nonsense (");
  const sound = await kata("--check");
  assert.equal([sound.code, sound.err], [0, ""]);
  assert.match(sound.out, /^\d+ passed, 0 failed\n$/);
  await Deno.copyFile(`${DIR}/exercise.ts`, `${DIR}/solution.ts`);
  const broken = await kata("--check");
  assert.is(broken.code, 1);
  assert.match(broken.err, `${DIR}/solution.ts:4: error: the solution does not pass`);
  assert.match(broken.out, /^\d+ passed, 1 failed\n$/);
});

test("--help names every command", async () => {
  const { code, out } = await kata("--help");
  assert.is(code, 0);
  for (const word of ["watch", "hint", "reset", "solution", "--check"]) assert.match(out, word);
});

test.run();
