// The random scenes: the same for everybody, valid, fit for a real kernel, and worth their while.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { largeFolio, pageCount, type Release, releases, runScene } from "sim";
import { PROFILES } from "../random/weights.ts";
import { MOST, World } from "../random/world.ts";
import { abilityOf, readOperation } from "./operation.ts";
import { randomScenes, type Source } from "./random.ts";
import { namedScenes, recordedScenes } from "./scenes.ts";
import { worthOf } from "./worth.ts";

const test = suite("random scenes");
const pair = [pageCount, largeFolio].map((era) =>
  releases.find((release) => release.era.name === era.name)!
) as [Release, Release];
const nothing = new Set<string>();
const base = [...await recordedScenes(), ...await namedScenes()];
const source: Source = { seed: 7, base, without: nothing, tell: pair };

const scenes = (source: Source, many: number) => [...randomScenes(source, many)];
const some = scenes(source, 800);

test("randomScenes() gives the same scene for the same source and number, however many are asked for", () => {
  assert.equal(scenes({ ...source }, 20), some.slice(0, 20));
  assert.equal(scenes(source, 1), some.slice(0, 1));
  assert.is.not(
    JSON.stringify(scenes({ ...source, seed: 8 }, 20)),
    JSON.stringify(some.slice(0, 20)),
  );
});

test("every random scene is valid, and every line of it has a place where it stands", () => {
  for (const { name, lines } of some) {
    assert.ok(lines.length > 1, name);
    assert.equal(runScene(lines, pair[1]).length, lines.length, name);
    const world = new World();
    for (const line of lines) assert.ok(world.step(line), `${name}: ${line}`);
    assert.is(world.transfers.size, 0, name);
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

test("one scene of four is as it was drawn, whoever shall be told apart; two of three tell 5.10 from 6.18", () => {
  const plain = some.filter(({ kind }) => kind === "plain");
  assert.is(plain.length, some.length / 4);
  const drawn = scenes({ ...source, tell: undefined }, 200);
  for (const [n, { kind, lines }] of some.slice(0, 200).entries()) {
    if (kind === "plain") assert.equal(lines, drawn[n]!.lines);
  }
  const { plain: few, sought, text } = worthOf(some, pair, "frames");
  assert.ok((few.tell + sought.tell) / some.length >= 0.6, text);
  assert.is(few.of, plain.length);
  assert.match(
    text,
    /^\d+ % of the random scenes tell 5\.10\.223 from 6\.18\.44 at level frames: /,
  );
});

test("without known scenes every scene is drawn from the themes", () => {
  const drawn = scenes({ ...source, base: [] }, 200);
  const names = new Set(drawn.flatMap(({ name }) => name.split(" ").at(-1)!.split("+")));
  assert.equal([...names].sort(), PROFILES.probe.toSorted());
});

test.run();
