// Random scenes: what they are made of, and that print and parse are inverses.
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  operations,
  parseScenes,
  printScenes,
  releaseNamed,
  runScene,
  WORDS,
} from "../../sim/mod.ts";
import { shapeOf } from "../kernel/operation.ts";
import { drafts, sceneOf } from "./scenes.ts";
import { type Profile, ROWS } from "./weights.ts";

const test = suite("scenes");
const sample = (count: number, profile: Profile) =>
  fc.sample(drafts({ profile, least: 30, most: 30 }), { numRuns: count, seed: 3 }).map(sceneOf);

/** `r`, `madv free`, `mmap shared` and so on. */
const kindOf = (line: string): string => {
  const [, op = "", , , last = ""] = line.split(" ");
  return op === "madv" || op === "mmap" ? `${op} ${last}` : op;
};

test("a draft of 30 commands is a scene of 30 lines, and the same ones by the same seed", () => {
  const scenes = sample(50, "everything");
  for (const lines of scenes) assert.is(lines.length, 30);
  assert.equal(sample(50, "everything"), scenes);
});

test("every operation, every kind of mapping and every advice comes up", () => {
  const seen = new Set(sample(500, "everything").flat().map(kindOf));
  const wanted = operations.flatMap(({ scene }) => {
    if (!scene) return [];
    const { word } = scene, of = word === "madv" ? WORDS.advice : word === "mmap" && WORDS.memory;
    return of ? Object.keys(of).map((kind) => `${word} ${kind}`) : [word];
  });
  assert.equal(wanted.filter((kind) => !seen.has(kind)), []);
});

test("where contents are compared, nothing holds a page; where pins are, nothing is freed lazily", () => {
  const contents = sample(200, "contents").flat().map(kindOf);
  const holders = "pin vms vmread dw dr gr gw unpin pr vmend dwend drend".split(" ");
  assert.equal(contents.filter((kind) => holders.includes(kind)), []);
  assert.not.ok(sample(200, "pins").flat().map(kindOf).includes("madv free"));
});

test("every row is an operation of the table, and what a row has in words stays in words", () => {
  for (const row of Object.values(ROWS).flat()) {
    for (const part of row.split("; ")) {
      const [op = "", ...words] = part.replace("* ", "").split(" ");
      assert.ok(shapeOf(op), row);
      if (op === "madv" || op === "mmap") assert.is(words.length, 1, row);
    }
  }
});

test("the device answers before the next transfer of a kind begins, for no oracle follows two", () => {
  for (const lines of sample(500, "pins")) {
    const inFlight = new Set<string>();
    for (const [at, answer] of runScene(lines, releaseNamed("ro_longterm")).entries()) {
      const op = lines[at]!.split(" ")[1]!;
      if (op.endsWith("end")) inFlight.delete(op.slice(0, 2));
      if (answer !== "inflight") continue;
      assert.not(inFlight.has(op), lines.join("\n"));
      inFlight.add(op);
    }
  }
});

test("parseScenes() takes apart what printScenes() has put together", () => {
  const name = fc.string({ unit: "grapheme" }).map((text) => text.replace(/\s+/g, " ").trim());
  const five = { profile: "everything", least: 5, most: 5 } as const;
  const scenes = fc.array(
    fc.record({ name, lines: drafts(five).map(sceneOf) }, { noNullPrototype: true }),
    { maxLength: 4 },
  );
  const roundTrip = fc.property(scenes, (scenes) => {
    const text = printScenes(scenes), parsed = parseScenes(text);
    assert.equal(parsed.map(({ name, lines }) => ({ name, lines })), scenes);
    for (const { lines, places } of parsed) {
      assert.equal(places.map((place) => text.split("\n")[place - 1]), lines);
    }
    assert.is(printScenes(parsed), text);
  });
  fc.assert(roundTrip, { numRuns: 500, seed: 1 });
});

test.run();
