// The random scenes: the same for everybody, valid, fit for a real kernel, and worth their while.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { largeFolio, pageCount, type Release, releases, runScene } from "sim";
import { Dice } from "./dice.ts";
import { THEMES } from "./draw.ts";
import { abilityOf, readOperation } from "./operation.ts";
import { type RandomScene, randomScene, type Source } from "./random.ts";
import { namedScenes, recordedScenes } from "./scenes.ts";
import { MOST, tidy, World } from "./world.ts";
import { worthOf } from "./worth.ts";

const test = suite("random scenes");
const pair = [pageCount, largeFolio].map((era) =>
  releases.find((release) => release.era.name === era.name)!
) as [Release, Release];
const nothing = new Set<string>();
const base = [...await recordedScenes(), ...await namedScenes()];
const source: Source = { seed: 7, base, without: nothing, tell: pair };

function scenes(source: Source, many: number): RandomScene[] {
  return Array.from({ length: many }, (_, n) => randomScene(source, n));
}

const some = scenes(source, 800);

test("randomScene() gives the same scene for the same source and number, whatever was asked before", () => {
  assert.equal(randomScene(source, 634), some[634]);
  assert.equal(scenes({ ...source }, 20), some.slice(0, 20));
  assert.is.not(
    JSON.stringify(scenes({ ...source, seed: 8 }, 20)),
    JSON.stringify(some.slice(0, 20)),
  );
});

test("every random scene is valid, and every line of it has a place where it stands", () => {
  for (const { name, lines } of some) {
    assert.ok(lines.length > 1, name);
    assert.equal(runScene(lines, pair[1]).length, lines.length, name);
    assert.equal(tidy(lines), lines, name);
    for (const line of lines) {
      const { op, args } = readOperation(line);
      if (op === "snap") assert.ok(Number(args[1]) <= MOST.snapshot, `${name}: ${line}`);
      assert.ok(line.length < 60, `${name}: ${line}`);
    }
  }
});

test("a random scene does nothing that it shall be without", () => {
  const without = new Set(["ksm", "fuse", "loop", "swap", "thp", "softdirty", "uring"]);
  for (const { name, lines } of scenes({ ...source, without }, 300)) {
    for (const line of lines) assert.not(without.has(abilityOf(line) ?? ""), `${name}: ${line}`);
  }
});

test("each operation, error and kind of range is met", () => {
  const lines = some.flatMap(({ lines }) => lines);
  const operations = new Set(lines.map((line) => readOperation(line).op));
  for (
    const op
      of "mmap munmap mremap mlock munlock mprot madv w r mw mr cr fork exit pin vms dw dr gr gw unpin pr dwend drend snap ksm"
        .split(" ")
  ) {
    assert.ok(operations.has(op), op);
  }
  for (
    const advice
      of "dontneed free dontfork dofork wipeonfork populate_read populate_write cold pageout mergeable hugepage"
        .split(" ")
  ) {
    assert.ok(lines.some((line) => line.endsWith(` ${advice}`)), advice);
  }
  const answers = new Set(some.slice(0, 500).flatMap(({ lines }) => runScene(lines, pair[1])));
  for (const answer of ["segv", "EFAULT", "ENOMEM", "EINVAL", "empty"]) {
    assert.ok(answers.has(answer), answer);
  }
  assert.ok(lines.some((line) => /^P\d mprot \w+ [3-5] /.test(line)), "a range of many pages");
  assert.ok(lines.some((line) => line.includes("fork P3")), "four processes");
});

test("one scene of four is as it was drawn, whoever shall be told apart; one of five tells 5.10 from 6.18", () => {
  const plain = some.filter(({ kind }) => kind === "plain");
  assert.ok(
    plain.length > some.length / 5 && plain.length < some.length * 0.3,
    String(plain.length),
  );
  const drawn = scenes({ ...source, tell: undefined }, 200);
  for (const [n, { kind, lines }] of some.slice(0, 200).entries()) {
    if (kind === "plain") assert.equal(lines, drawn[n]!.lines);
  }
  const { plain: few, sought, text } = worthOf(some, pair, "frames");
  assert.ok((few.tell + sought.tell) / some.length >= 0.2, text);
  assert.is(few.of, plain.length);
  assert.match(
    text,
    /^\d+ % of the random scenes tell 5\.10\.223 from 6\.18\.44 at level frames: /,
  );
});

test("without known scenes every scene is drawn from the themes", () => {
  const drawn = scenes({ ...source, base: [] }, 200);
  const names = new Set(drawn.flatMap(({ name }) => name.split(" ").at(-1)!.split("+")));
  assert.equal([...names].sort(), Object.keys(THEMES).sort());
});

test("Dice draws each number of a range, as often as its weight says", () => {
  const dice = new Dice(1), counts = [0, 0, 0, 0, 0];
  for (let i = 0; i < 5000; i++) counts[dice.below(5)]!++;
  assert.ok(counts.every((count) => count > 900 && count < 1100), counts.join());
  let heavy = 0;
  for (let i = 0; i < 1000; i++) if (dice.weighted({ heavy: 9, light: 1 }) === "heavy") heavy++;
  assert.ok(heavy > 850 && heavy < 950, String(heavy));
  assert.is.not(new Dice(1, 1).below(1e9), new Dice(1, 2).below(1e9));
});

test("World keeps out what a real kernel does not answer the same each time", () => {
  const begin = ["P0 mmap a 2 priv", "P0 fork P1"];
  for (
    const [lines, kept] of [
      [["P0 dw a0 1 fuse", "P1 dw a0 1 fuse", "* dwend"], [true, false, true]],
      [["P0 dr a0 1 fuse", "P0 exit", "* dwend", "* drend 5"], [true, false, false, true]],
      [["P0 dw a0 3 fuse", "P0 mprot a0 1 none", "P0 dw a0 1 fuse"], [false, true, false]],
      [["P0 mprot a0 1 r", "P0 dr a0 1 fuse", "P0 dw a0 1 fuse"], [true, false, true]],
      [["P0 madv a0 1 dontfork", "P1 exit", "P0 fork P1", "P1 dw a0 1 fuse"], [
        true,
        true,
        true,
        false,
      ]],
      [["P2 r a0", "P1 fork P0", "P1 fork P4"], [false, false, false]],
      [["P0 mmap b 9 pfile", "P0 mremap a0 3 d0", "P0 mremap a0 2 d0", "P0 dw d1 1 fuse"], [
        false,
        false,
        true,
        true,
      ]],
      [[...Array(8).fill("P0 vms a0 0"), "P0 vms a0 0", "* pr 0", "P0 vms a0 0"], [
        ...Array(8).fill(true),
        false,
        true,
        true,
      ]],
      [["* dwend", "P0 jump", "* snap a0 9"], [false, false, false]],
    ] as [string[], boolean[]][]
  ) {
    const world = new World();
    for (const line of begin) world.step(line);
    assert.equal(lines.map((line) => world.step(line)), kept, lines.join("; "));
  }
  assert.equal(tidy([...begin, "P0 dw a0 1 fuse"]).at(-1), "* dwend");
});

test.run();
