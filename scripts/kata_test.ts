// `deno task kata` as a learner types it, in a project whose path has spaces, in a pipe.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { kata as kataTask } from "./kata.ts";
import { toyProject } from "./kata/toy.ts";
import { refusal } from "./tool/refusal.ts";

const script = new URL("./kata.ts", import.meta.url).href;
const DIR = "kata/00-the-sum";

const FLAGS = [
  "run",
  "--quiet",
  "--no-check",
  "--no-prompt",
  "--allow-read",
  "--allow-write=kata,.woven,.progress.json",
  "--allow-run=deno,sh",
  "--allow-env=FORCE_COLOR,NODE_DISABLE_COLORS,NO_COLOR,TERM,LOG,INIT_CWD,COLUMNS",
];

async function kata(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [...FLAGS, script, ...args],
    env: { INIT_CWD: Deno.cwd() },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

const solve = () => Deno.copyFile(`${DIR}/solution.ts`, `${DIR}/attempt.ts`);

test("the first run tells the task, begins the attempt, and fails with one story", async () => {
  await toyProject();
  assert.equal(await kata("solution", "the-sum"), {
    code: 1,
    out: "",
    err: "error: the solution is shown after your first run\n  deno task kata the-sum\n",
  });
  const { code, out, err } = await kata("the-sum");
  assert.equal([code, err], [1, ""]);
  assert.is(
    out,
    `The sum
=======

A driver adds two numbers, and gets one of them.

Repair \`sum\`.

Takes 5 minutes.

kata/00-the-sum/attempt.ts is new, a copy of exercise.ts: this is the file to
edit.
To run it on every save: deno task kata watch the-sum

✗ the-sum: 0 of 3 tests pass

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

(without Deno: npx --yes deno@${Deno.version.deno} task …)
`,
  );
  assert.not.match((await kata("00-the-sum")).out, /is new|without Deno/);
});

test("after it, a chapter's number is its only kata, or the list of its katas", async () => {
  assert.match((await kata("00")).out, /^✗ the-sum: 0 of 3 tests pass/);
  await Deno.mkdir("kata/00-twin");
  for (const file of ["README.md", "hints.md", "exercise.ts", "test.ts"]) {
    await Deno.copyFile(`${DIR}/${file}`, `kata/00-twin/${file}`);
  }
  const { code, out } = await kata("0");
  assert.is(code, 0);
  assert.match(out, /Katas of chapter 00: 0 of 2 done[^]*the-sum[^]*twin/);
  assert.is(
    await refusal(kataTask, ["hint", "00"]),
    "error: chapter 00 has 2 katas\n  Name one of them: the-sum, twin",
  );
});

test("after it, reset keeps what there was, and the solution is shown against it", async () => {
  assert.match((await kata("reset", "the-sum")).out, "as it was: nothing to set aside");
  await Deno.writeTextFile(`${DIR}/attempt.ts`, "export const mine = 1;\n");
  const { out } = await kata("solution", "the-sum");
  assert.match(out, "- export const mine = 1;");
  assert.match(out, "+   return a + b;");
  assert.match((await kata("reset", "the-sum")).out, "kept as kata/00-the-sum/attempt.1.ts");
  assert.is(await Deno.readTextFile(`${DIR}/attempt.1.ts`), "export const mine = 1;\n");
  await Deno.remove(`${DIR}/attempt.ts`);
  assert.match((await kata("solution", "the-sum")).out, "return a + b;");
});

test("the list follows the files, and what was solved stays solved", async () => {
  await toyProject();
  assert.match((await kata()).out, /0 of 1 done[^]*5 min[^]*deno task kata the-sum/);
  await solve();
  assert.match(
    (await kata()).out,
    /1 of 1 done[^]*✓ 00 {2}the-sum {2}done[^]*All of them are done/,
  );
  await Deno.writeTextFile(`${DIR}/attempt.ts`, "export function sum(a: number) { return a; }\n");
  assert.match((await kata()).out, /1 of 1 done[^]*✓ 00 {2}the-sum {2}done, now 0 of 3/);
  await Deno.writeTextFile(`${DIR}/attempt.ts`, "export const x = 1;\n");
  assert.match((await kata("list")).out, "done, now cannot be judged");
  await kata("reset", "the-sum");
  assert.match((await kata()).out, /1 of 1 done[^]*All of them are done/);
  await Deno.remove(`${DIR}/attempt.ts`);
  assert.match((await kata()).out, /✓ 00 {2}the-sum {2}done {2}The sum/);
});

test("passing opens the solution, what the attempt prints is shown from its beginning; a type error is not well", async () => {
  await toyProject();
  await Deno.writeTextFile(
    `${DIR}/attempt.ts`,
    `for (let i = 1; i <= 99; i++) console.log("line", i);\n${await Deno.readTextFile(
      `${DIR}/solution.ts`,
    )}`,
  );
  const { code, out } = await kata("the-sum");
  assert.is(code, 0);
  assert.match(out, /✓ the-sum: 3 of 3 tests pass\n\n {2}Your code printed:\n {4}line 1\n/);
  assert.match(out, "    line 12\n    (and 87 lines more)\n  types: no errors\n");
  assert.match(out, "deno task kata solution the-sum");
  await Deno.writeTextFile(
    `${DIR}/attempt.ts`,
    "export function sum(a: number, b: number): string {\n  return a + b;\n}\n",
  );
  const typed = await kata("the-sum");
  assert.is(typed.code, 1);
  assert.match(
    typed.out,
    /3 of 3 tests pass\n {2}types: TS2322: [^]*\n {2}kata\/00-the-sum\/attempt.ts:2:3/,
  );
});

test("types that no test sees are compared with the exercise's", async () => {
  await toyProject();
  const source =
    "export const other = 1;\nexport const sum = (a: any, b: string | number): any => a + b;\n";
  await Deno.writeTextFile(`${DIR}/attempt.ts`, source);
  assert.match((await kata("the-sum")).out, "types: no errors");
  await Deno.writeTextFile(`${DIR}/attempt.ts`, source.replace("string | number", "string"));
  const { code, out } = await kata("the-sum");
  assert.is(code, 1);
  assert.match(
    out,
    /types: sum is not of the exercise's type: Type 'number' is not assignable\s+to\s+type\s+'string'\.\n {2}kata\/00-the-sum\/attempt\.ts:2/,
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

test("what does not exist is answered with the nearest that does", async () => {
  await toyProject();
  const cases: [args: string[], said: string][] = [
    [["the-smu"], `error: there is no kata "the-smu"\n  Did you mean the-sum?`],
    [["hnit", "the-sum"], `error: there is no kata "hnit"\n  Did you mean hint?`],
    [["attempt.ts"], `error: there is no kata "attempt.ts"\n  deno task kata lists them`],
    [["lst"], `error: there is no kata "lst"\n  Did you mean list?`],
    [["rset"], `error: there is no kata "rset"\n  deno task kata lists them`],
    [["1"], `error: there is no kata "1"\n  deno task kata lists them`],
    [["hint", "sum"], `error: there is no kata "sum"\n  Did you mean the-sum?`],
    [["--chekc"], `error: there is no option --chekc\n  Did you mean --check?`],
    [["--foo"], `error: there is no option --foo\n  deno task kata --help`],
    [["hint"], `error: hint wants a kata\n  deno task kata hint the-sum`],
    [["the-sum", "now"], `error: "now" is one word too many\n  deno task kata --help`],
  ];
  for (const [args, said] of cases) assert.is(await refusal(kataTask, args), said);
});

test("a disk that is full is told, begins nothing, and reset leaves the attempt where it is", async () => {
  await toyProject();
  const full = async (...args: string[]) => {
    const { code, stderr } = await new Deno.Command("sh", {
      args: ["-c", 'trap "" XFSZ; ulimit -f 0; exec deno "$@"', "sh", ...FLAGS, script, ...args],
      env: { INIT_CWD: Deno.cwd() },
      stdin: "null",
    }).output();
    return { code, err: new TextDecoder().decode(stderr) };
  };
  const begun = await full("the-sum");
  assert.is(begun.code, 1);
  assert.match(begun.err, `${DIR}/attempt.ts: error: the file cannot be written\n  File too large`);
  const names = () => Array.from(Deno.readDirSync(DIR), ({ name }) => name).sort();
  assert.not(names().some((name) => name.startsWith("attempt")));
  await Deno.writeTextFile(`${DIR}/attempt.ts`, "// mine\n");
  const reset = await full("reset", "the-sum");
  assert.is(reset.code, 1);
  assert.match(reset.err, "error: the file cannot be moved, and stays as it is");
  assert.equal(names().filter((name) => name.startsWith("attempt")), ["attempt.ts"]);
  assert.is(await Deno.readTextFile(`${DIR}/attempt.ts`), "// mine\n");
});

test("a checkout that ends its lines as Windows does, with marks in front, is taken as it is meant", async () => {
  await toyProject();
  for (const file of ["README.md", "hints.md", "exercise.ts", "solution.ts", "test.ts"]) {
    const text = await Deno.readTextFile(`${DIR}/${file}`);
    await Deno.writeTextFile(`${DIR}/${file}`, `\ufeff${text.replaceAll("\n", "\r\n")}`);
  }
  for (const path of ["chapters/00-owners.md", "kata/expect.ts"]) {
    await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replaceAll("\n", "\r\n"));
  }
  assert.match((await kata()).out, "0 of 1 done");
  const { out, err } = await kata("the-sum");
  assert.match(out, /0 of 3 tests pass[^]*attempt\.ts:4\n {2}types: no errors/);
  assert.is(err, "");
  assert.not.match(await Deno.readTextFile(`${DIR}/attempt.ts`), /\r|\ufeff/);
  assert.match((await kata("hint", "the-sum")).out, "Look at what is not used.");
  assert.match((await kata("solution", "the-sum")).out, "+   return a + b;");
  assert.match((await kata("reset", "the-sum")).out, "as it was: nothing to set aside");
});

test("no katas, a folder without a slug, a file in a folder's place: each is told", async () => {
  await toyProject();
  await Deno.mkdir("kata/00-");
  await Deno.writeTextFile("kata/00-/notes.md", "");
  const named = "error: a kata's folder is named for its chapter and slug";
  assert.match(await refusal(kataTask, []), `kata/00-: ${named}`);
  await Deno.rename("kata/00-", "kata/00-\x1b[2Jx");
  assert.match(await refusal(kataTask, []), `kata/00-\\u001b[2Jx: ${named}`);
  await Deno.remove("kata/00-\x1b[2Jx", { recursive: true });
  await Deno.rename(`${DIR}/hints.md`, `${DIR}/hints`);
  await Deno.mkdir(`${DIR}/hints.md`);
  assert.match(await refusal(kataTask, []), `${DIR}/hints.md: error: this is a folder`);
  await Deno.remove("kata", { recursive: true });
  assert.match(await refusal(kataTask, ["watch"]), "kata: error: there are no katas yet");
  assert.match(await refusal(kataTask, ["hint"]), "There are no katas yet");
  await Deno.remove("chapters", { recursive: true });
  assert.match((await kata()).out, "There are no katas yet.");
  await Deno.writeTextFile("kata", "");
  assert.match(await refusal(kataTask, []), "kata: error: not a directory");
});

test("watch heads each verdict with time and file, and says when the file is gone", async () => {
  await toyProject();
  const child = new Deno.Command("deno", {
    args: [...FLAGS, script, "watch", "the-sum"],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let out = "";
  const reading = child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({ write: (text) => void (out += text) }),
  );
  const until = async (what: RegExp) => {
    while (!what.test(out)) await new Promise((resolve) => setTimeout(resolve, 20));
    out = "";
  };
  await until(/\n\d\d:\d\d:\d\d kata\/00-the-sum\/attempt.ts\n\n✗[^]*Ctrl-C ends/);
  await Deno.remove(`${DIR}/attempt.ts`);
  await until(/\n\d\d:\d\d:\d\d kata\/00-the-sum\/attempt.ts is gone: /);
  await solve();
  await until(/\d\d:\d\d:\d\d kata\/00-the-sum\/attempt.ts\n\n✓[^]*Ctrl-C ends/);
  child.kill("SIGINT");
  assert.is((await child.status).code, 0);
  await reading;
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

test("merge shows the progress of several learners in one table, by the name of file or folder", async () => {
  await toyProject();
  await solve();
  await kata("the-sum");
  const mine = await Deno.readTextFile(".progress.json");
  const { katas } = JSON.parse(mine);
  const of = (entry: Record<string, unknown>, slug = "the-sum") =>
    JSON.stringify({ version: 1, katas: { [slug]: { ...katas["the-sum"], ...entry } } });
  await Deno.mkdir("c d");
  await Deno.writeTextFile("anna.json", mine);
  await Deno.writeTextFile(
    "ben.json",
    of({ state: "failed", solved: false, passed: 1, hints: 2, suite: "old" }),
  );
  await Deno.writeTextFile("c d/.progress.json", of({}, "another"));
  const { code, out, err } = await kata("merge", "anna.json", "ben.json", "c d/.progress.json");
  assert.equal([code, err], [0, ""]);
  assert.is(
    out,
    `         anna    ben               c d
the-sum  done    1 of 3*, 2 hints  -
another  -       -                 done*
done     1 of 1  0 of 1            0 of 1

* reached with another suite or simulator than this checkout's
`,
  );
});

test("merge names a file that is missing, a folder, and what is no progress", async () => {
  await toyProject();
  await Deno.writeTextFile("bad.json", "{}");
  assert.match((await kata("merge")).err, "merge wants files of progress");
  assert.match((await kata("merge", "none.json")).err, "none.json: error: there is no such file");
  assert.match((await kata("merge", "kata")).err, "kata: error: this is a folder");
  assert.match((await kata("merge", "bad.json")).err, "bad.json:1: error: this is no progress");
});

test("--help names every command", async () => {
  const { code, out } = await kata("--help");
  assert.is(code, 0);
  for (const word of ["watch", "hint", "reset", "solution", "merge", "--check"]) {
    assert.match(out, word);
  }
});

test.run();
