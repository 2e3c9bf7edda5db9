// Which kernel follows which era, and with what it answers otherwise.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Era, follows, releaseNamed, releases, runs } from "./mod.ts";
import { emptyState } from "./state.ts";

const test = suite("releases");

const BUILDS: [release: string, refusesForce: boolean, softDirty: boolean][] = [
  ["5.4.38", false, true],
  ["5.4.59", false, true],
  ["5.10.223", false, true],
  ["6.1.176", false, true],
  ["6.12.107", false, true],
  ["6.18.44", false, false],
  ["7.2.13", true, true],
];

test("the kernels that were looked at were built like this, and others as usual", () => {
  assert.equal(
    releases.map(({ release, build }) => [release, build.refusesForce, build.softDirty]),
    BUILDS,
  );
  for (const name of ["6.18.45", "7.2.14", "page_count"]) {
    assert.equal(releaseNamed(name).build, { refusesForce: false, softDirty: true });
  }
});

test("releaseNamed() knows the first and the last of each run of releases", () => {
  const RUNS: [from: string, to: string, era: string][] = [
    ["2.6.7", "2.6.12", "refcount_old"],
    ["2.6.13", "2.6.13", "mapcount"],
    ["2.6.14", "2.6.21", "mapcount"],
    ["2.6.22", "2.6.23", "mapcount"],
    ["2.6.24", "2.6.25", "mapcount"],
    ["2.6.26", "2.6.28", "mapcount"],
    ["2.6.29", "2.6.31", "mapcount"],
    ["2.6.32", "2.6.39", "mapcount"],
    ["3.0", "4.3.9", "mapcount"],
    ["4.4", "4.4.25", "mapcount"],
    ["4.4.26", "4.4.288", "mapcount"],
    ["4.4.289", "4.4.302", "read_gup_breaks_cow"],
    ["4.5", "4.7.8", "mapcount"],
    ["4.7.9", "4.7.10", "mapcount"],
    ["4.8", "4.8.2", "mapcount"],
    ["4.8.3", "4.8.17", "mapcount"],
    ["4.9", "4.9.0", "mapcount"],
    ["4.10", "4.14.231", "mapcount"],
    ["4.14.232", "4.14.336", "read_gup_breaks_cow"],
    ["4.15", "4.19.188", "mapcount"],
    ["4.19.189", "4.19.325", "read_gup_breaks_cow"],
    ["4.20", "5.0.21", "mapcount"],
    ["5.1", "5.4.37", "mapcount"],
    ["5.4.39", "5.4.46", "mapcount"],
    ["5.4.47", "5.4.58", "read_gup_breaks_cow"],
    ["5.4.60", "5.4.302", "read_gup_breaks_cow"],
    ["5.5", "5.6.18", "mapcount"],
    ["5.6.19", "5.6.19", "read_gup_breaks_cow"],
    ["5.7", "5.7.2", "mapcount"],
    ["5.7.3", "5.7.19", "read_gup_breaks_cow"],
    ["5.8.0", "5.8.18", "read_gup_breaks_cow"],
    ["5.9.0", "5.10.3", "page_count"],
    ["5.18", "5.18.19", "page_count"],
    ["5.19", "6.0.19", "anon_exclusive"],
    ["6.1", "6.1.175", "anon_exclusive"],
    ["6.2", "6.4.16", "ro_longterm"],
    ["6.5", "6.8.12", "ro_longterm"],
    ["6.12", "6.14.11", "ro_longterm"],
    ["6.18", "6.18.999", "large_folio"],
    ["7.2", "7.2.999", "large_folio"],
  ];
  for (const [from, to, name] of RUNS) {
    for (const release of [from, to]) assert.is(releaseNamed(release).era.name, name, release);
  }
});

test("releaseNamed() knows nothing of what lies between two runs", () => {
  for (
    const name of [
      "2.6.6",
      "4.9.1",
      "6.9",
      "6.11.11",
      "6.15",
      "6.19",
      "7.0",
      "7.3",
    ]
  ) {
    assert.throws(() => releaseNamed(name), new RegExp(`nothing is known of ${name}`));
  }
});

test("follows() knows whether a release lies between two runs", () => {
  const run = (from: string) => runs.find((one) => one[0] === from)!;
  const pairs = [
    ["2.6.13", "2.6.7"],
    ["3.0", "2.6.32"],
    ["4.4.26", "4.4"],
    ["4.5", "4.4.289"],
    ["4.9.0", "4.8.3"],
    ["5.19.6", "5.19"],
    ["6.0", "5.19.6"],
  ] as const;
  for (const [one, other] of pairs) assert.ok(follows(run(one), run(other)), one);
  for (const [one, other] of [["4.10", "4.9.0"], ["6.12", "6.5"], ["7.2", "6.18"]] as const) {
    assert.not(follows(run(one), run(other)), one);
  }
});

test("releaseNamed() has what was switched in the middle of an era", () => {
  const answers = (release: string, ...keys: (keyof Era)[]) =>
    keys.map((key) => releaseNamed(release).era[key]);
  assert.equal(["2.6.12", "2.6.21", "2.6.22", "5.0"].map((name) => answers(name, "madviseReads")), [
    [false],
    [false],
    [true],
    [true],
  ]);
  const old = ["2.6.12", "2.6.13", "2.6.14", "2.6.23", "2.6.24", "2.6.26", "2.6.31", "2.6.32"];
  assert.equal(old.map((name) => answers(name, "forkSkipsUntouched", "zeroPage").join(" ")), [
    "false mapped",
    "false mapped",
    "true mapped",
    "true mapped",
    "true unused",
    "true referenced",
    "true referenced",
    "true mapped",
  ]);
  assert.equal(["2.6.13", "2.6.28", "2.6.29"].map((name) => answers(name, "reuseFreesSwap")), [
    [false],
    [false],
    [true],
  ]);
  for (
    const [last, first] of [["4.4.25", "4.4.26"], ["4.7.8", "4.7.9"], ["4.8.2", "4.8.3"]] as const
  ) {
    assert.equal([last, first].map((name) => answers(name, "forcedWrite")), [["forgets"], [
      "dirty",
    ]]);
  }
  assert.equal(["2.6.21", "2.6.22", "4.3"].map((name) => answers(name, "forcedWrite")), [
    ["forgets"],
    ["forgets"],
    ["forgets"],
  ]);
  assert.equal(answers("5.0", "ksmReuse", "refusesFileBuffers"), [false, false]);
  assert.equal(answers("5.1", "ksmReuse", "refusesFileBuffers"), [true, true]);
  assert.equal(answers("4.19.300", "ksmReuse"), [false]);
  assert.equal(answers("5.13", "madvPopulate", "refusesFileBuffers"), [false, true]);
  assert.equal(answers("5.14", "madvPopulate", "refusesFileBuffers"), [true, false]);
  assert.equal(answers("5.17", "wpDropsSwapCache"), [false]);
  assert.equal(answers("5.18", "wpDropsSwapCache", "madvPopulate"), [true, true]);
  assert.equal(answers("5.6.19", "ksmReuse", "refusesFileBuffers"), [true, true]);
  assert.equal(answers("5.7.3", "ksmReuse", "refusesFileBuffers"), [true, true]);
  const marks = ["gupFastOrdered", "mprotectUpgrades", "forcedWrite"] as const;
  assert.equal(answers("5.19", ...marks), [false, false, "dirty"]);
  assert.equal(answers("5.19.5", ...marks), [false, false, "dirty"]);
  assert.equal(answers("5.19.6", ...marks), [false, false, "exclusive"]);
  assert.equal(answers("6.0", ...marks), [false, true, "exclusive"]);
  assert.equal(["6.4", "6.5", "6.8", "6.12"].map((name) => answers(name, "bioPins", "fusePins")), [
    [false, false],
    [true, false],
    [true, false],
    [true, true],
  ]);
  assert.equal(answers("6.18", "swapInBypassesCache"), [true]);
  assert.equal(answers("7.2", "swapInBypassesCache"), [false]);
  const lone = { ...emptyState().frames.get(0)!, pfn: 1, kind: "anon" as const };
  const back = { ...lone, swap: 1 }, entry = { slot: 1, exclusive: false };
  const { swapInCanReuse } = releaseNamed("5.18").era;
  assert.equal([1, 2].map((count) => swapInCanReuse(back, count, entry, true)), [true, false]);
  assert.is(swapInCanReuse({ ...back, refcount: 2 }, 1, entry, true), false);
});

test.run();
