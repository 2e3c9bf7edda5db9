// Mutated texts of every kind, the same each time: `deno task fuzz` tries as many others as there is time for.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { foundLines, fuzz } from "./fuzz.ts";
import { folderTargets } from "./fuzz/folder.ts";
import { mutated } from "./fuzz/mutate.ts";
import { search } from "./fuzz/search.ts";
import { faultOf } from "./fuzz/target.ts";
import { courseTargets } from "./fuzz/texts.ts";
import { Problem } from "./tool/problem.ts";
import { refusal } from "./tool/refusal.ts";

const root = Deno.cwd(), course = await courseTargets();
const folder = await Deno.makeTempDir({ prefix: "fuzz " });
const targets = [...course, ...await folderTargets(folder)];
test.after(async () => {
  Deno.chdir(root);
  await Deno.remove(folder, { recursive: true });
});

test("400 mutated chapters, ledgers, quotations, lists, scenes, katas and progress: each is read or refused", async () => {
  const found = await search({ count: 400, seed: 14, targets });
  assert.is(found && foundLines(found, 14).join("\n"), undefined);
});

test("each text is read as it is in the project without a fault, and nothing is named wrong in most", async () => {
  for (const target of targets) {
    for (const base of target.bases) {
      assert.is(await faultOf(target, base), undefined, `${target.name}: ${base.slice(0, 200)}`);
    }
  }
});

test("faultOf() finds a stack, a place that is none, what is hidden, and work without end", async () => {
  const of = async (read: () => readonly Problem[], spins?: number) =>
    (await faultOf({ path: "a.md", read }, "one\ntwo", spins) ?? "none").split("\n")[0]!;
  const problem = (place = {}) => new Problem("it is wrong", place);
  const fail = (error: unknown) => () => {
    throw error;
  };
  assert.is(await of(() => []), "none");
  assert.is(await of(fail(problem({ path: "a.md", line: 2 }))), "none");
  assert.is(await of(() => [problem({ path: "b.md" })]), "none");
  assert.is(await of(fail(new TypeError("no"))), "TypeError: no");
  assert.is(await of(fail("no")), "thrown: no");
  assert.is(await of(() => [problem()]), "no file is named: error: it is wrong");
  for (const line of [undefined, 0, 3]) {
    assert.match(await of(fail(problem({ path: "a.md", line }))), `line ${line} of 2: a.md`);
  }
  const raw = Object.assign(problem({ path: "b.md" }), { toString: () => "\x1b[2J" });
  assert.match(await of(() => [raw]), "hides something");
  const busy = () => {
    for (let i = 0; i < 3_000_000; i++) Math.sqrt(i);
    return [];
  };
  assert.match(await of(busy, 0), /^it took \S+ ms of processor time$/);
});

test("mutated() is the same for the same numbers, and search() makes what it finds short", async () => {
  const edit = { kind: 3, at: 5_000, length: 0, pick: 2 }, bases = ["ab\ncd"];
  assert.is(mutated({ base: 7, edits: [edit] }, bases), mutated({ base: 7, edits: [edit] }, bases));
  const target = {
    ...{ name: "toy", path: "a.md", bases: ["one\ntwo\nthree\n"], weight: 1 },
    read(text: string): Problem[] {
      if (text.includes("\x1b")) throw new RangeError("it breaks");
      return [];
    },
  };
  const found = (await search({ count: 2_000, seed: 1, targets: [target] }))!;
  assert.match(found.what, /^RangeError: it breaks/);
  const again = await search({ count: 1, seed: 1, path: found.path, targets: [target] });
  assert.equal([again?.text, again?.path], [found.text, found.path]);
});

test("the task refuses what it does not understand", async () => {
  assert.match(await refusal(fuzz, ["--cuont", "3"]), "Did you mean --count?");
  assert.match(await refusal(fuzz, ["--path", "1:2"]), "stands beside --seed");
});

test.run();
