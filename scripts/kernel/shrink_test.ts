// A difference made small: by lines, by names and by numbers, and the bug that started it all.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { largeFolio, pageCount, type Release, releases } from "sim";
import { machineAnswers } from "./compare.ts";
import { randomScenes } from "./random.ts";
import { type Kernel, replayScenes, smallest, tally } from "./replay.ts";
import { differenceLines } from "./report.ts";
import { recordedScenes } from "./scenes.ts";
import { shrink } from "./shrink.ts";

const test = suite("shrink()");

/** A kernel that answers as the simulator does. */
function standIn(release: Release): Kernel {
  return {
    replay: (scenes) => Promise.resolve(scenes.map(({ lines }) => machineAnswers(lines, release))),
  };
}

const named = (era: Release["era"]) => releases.find((release) => release.era.name === era.name)!;
const forgetful = (release: Release): Release => ({
  ...release,
  era: { ...release.era, forkMustCopy: () => false },
});

test("what is left is what is needed, with small counts, first pages and few processes", async () => {
  const lines = [
    "P0 mmap b 8 priv",
    "P0 mmap c 8 priv",
    "P0 w b3 77",
    "P0 fork P2",
    "* snap b0 8",
    "P2 fork P3",
    "P3 w b4 12",
    "P2 pin b3 2 3",
    "* gr 3 1",
    "P2 exit",
  ];
  let asked = 0;
  const needed = [/^P\d mmap . \d+ priv$/, /^P\d pin .\d+ \d+ \d$/, /^\* gr \d \d$/];
  const small = await shrink(lines, (candidates) => {
    asked += candidates.length;
    return Promise.resolve(
      candidates.map((candidate) =>
        needed.every((one) => candidate.some((line) => one.test(line)))
      ),
    );
  });
  assert.equal(small, ["P0 mmap a 1 priv", "P0 pin a0 1 0", "* gr 0 0"]);
  assert.ok(asked < 1000, String(asked));
});

test("two lines that only go together are left out together", async () => {
  const even = (lines: readonly string[]) =>
    lines.includes("P0 r a0") && lines.filter((line) => line === "* settle").length % 2 === 0;
  const small = await shrink(
    ["* settle", "P0 r a0", "* settle"],
    (candidates) => Promise.resolve(candidates.map(even)),
  );
  assert.equal(small, ["P0 r a0"]);
});

test("forkMustCopy() that answers false is found, in a scene of at most six lines", async () => {
  for (const era of [pageCount, largeFolio]) {
    for (const level of ["bytes", "frames"] as const) {
      const right = named(era), kernel = standIn(right);
      const versus = { release: forgetful(right), level };
      const source = { seed: 1, base: await recordedScenes(), without: new Set<string>() };
      const scenes = [...randomScenes(source, 100)];
      const outcomes = await replayScenes(kernel, scenes, versus);
      const bad = outcomes.filter(({ verdict }) => verdict.verdict === "differs");
      assert.ok(bad.length > 0, `${right.release} ${level}`);
      for (const outcome of bad.slice(0, 3)) {
        const { lines, steady } = await smallest(kernel, outcome, versus);
        assert.ok(steady && lines.length <= 6, `${outcome.scene.name}:\n${lines.join("\n")}`);
        assert.ok(lines.some((line) => / (?:pin|dr|dw) /.test(line)), lines.join("\n"));
        assert.ok(lines.some((line) => line.includes(" fork ")), lines.join("\n"));
      }
      assert.is(tally(await replayScenes(kernel, scenes, { release: right, level })).differs, 0);
    }
  }
});

test("a difference is shown with both sides, below each other where it is narrow", async () => {
  const right = named(pageCount), kernel = standIn(right);
  const versus = { release: forgetful(right), level: "bytes" } as const;
  const lines = ["P0 mmap a 1 priv", "P0 pin a0 1 0", "P0 fork P1", "P0 w a0 5", "* gr 0 0"];
  const [outcome] = await replayScenes(kernel, [{ name: "lost", lines, places: [] }], versus);
  const difference = await smallest(kernel, outcome!, versus);
  assert.is(
    differenceLines(difference, 80).join("\n"),
    `5 lines that differ in bytes, found in "lost"

  operation         kernel  simulator
  P0 mmap a 1 priv  ok      ok
  P0 pin a0 1 0     ok      ok
  P0 fork P1        ok      ok
  P0 w a0 1         ok      ok
> * gr 0 0          =1      =0`,
  );
  const narrow = differenceLines(difference, 32);
  assert.equal(narrow.slice(-3), ["> * gr 0 0", "      kernel     =1", "      simulator  =0"]);
  assert.ok(narrow.every((line) => line.length <= 32), narrow.join("\n"));
});

test("what a kernel answers only sometimes is told as it was found, and not made smaller", async () => {
  const right = named(pageCount), versus = { release: right, level: "frames" } as const;
  const lines = ["P0 mmap a 2 priv", "P0 w a0 5", "P0 w a1 6", "P0 r a0"];
  const scenes = [{ name: "moody", lines, places: [] }];
  let unsteady = 0;
  for (let times = 1;; times++) {
    let left = times;
    const moody: Kernel = {
      replay: (asked) =>
        Promise.resolve(asked.map(({ lines }) => {
          const answers = machineAnswers(lines, right);
          return left-- > 0 ? [...answers.slice(0, -1), "=9 f0"] : answers;
        })),
    };
    const [outcome] = await replayScenes(moody, scenes, versus);
    const difference = await smallest(moody, outcome!, versus);
    // The lies went on until the smallest was found.
    if (difference.steady) break;
    assert.equal([difference.lines, difference.at], [lines, 3], `${times}`);
    assert.equal(difference.kernel, outcome!.kernel);
    assert.match(differenceLines(difference, 80).join(" "), "replayed again, it did not");
    unsteady++;
  }
  assert.ok(unsteady > 5, `${unsteady}`);
});

test.run();
