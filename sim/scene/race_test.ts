// Races in scenes: how they are written, in what order they run, and what their lines are answered.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  eras,
  type Event,
  KernelBug,
  parseScenes,
  printScenes,
  races,
  type Release,
  releaseNamed,
  runScene,
  SceneError,
  scenes,
} from "../mod.ts";
import { Race, type Racer } from "./race.ts";
import { isRace, racersOf, readScene } from "./scene.ts";
import { Stage } from "./stage.ts";
import { Machine } from "../machine.ts";

const test = suite("race");
const release = releaseNamed("5.10.3");
const BEFORE = ["P0 mmap a 2 priv", "P0 w a0 1"];

/** The answers to what follows two pages, the first of them written to. */
function answers(...lines: string[]): string[] {
  return runScene([...BEFORE, ...lines], release).slice(BEFORE.length);
}

test("runScene() answers a race with the schedule, its end with who ended when, and each operation at its line", () => {
  const race = ["A: P0 fork P1", "B: P0 pin a0 1 0 fast", "A: P0 w a1 3", "end", "* snap a0 1"];
  assert.equal(answers("race ABBBA", ...race), [
    "ABBBAAAA",
    "ok",
    "ok",
    "ok f1 new",
    "BAA",
    "P0=A.2 P1=A.2",
  ]);
  assert.equal(answers("race", ...race).slice(0, 5), ["AAAAABBB", "ok", "ok", "ok f1 new", "AAB"]);
});

test("runScene() runs several races, and what stands between them without interruption", () => {
  const lines = [
    "race",
    "A: P0 r a0",
    "end",
    "P0 w a0 2",
    "race BA",
    "B: P0 r a0",
    "A: P0 r a1",
    "end",
  ];
  assert.equal(answers(...lines), ["A", "=1 f0", "A", "ok f0 same", "BAA", "=2 f0", "=0 f1", "BA"]);
});

test("a line of a race that is none is named", () => {
  for (
    const [lines, at, said] of [
      [["race", "A: P0 r a0"], 0, "this race has no end"],
      [["end"], 0, "there is no race that could end here"],
      [["race", "end"], 0, "nobody runs in this race"],
      [["race", "P0 r a0", "end"], 1, "in a race a line begins with a letter, such as A:"],
      [
        ["race", "A: P0 r a0", "race", "end"],
        2,
        "in a race a line begins with a letter, such as A:",
      ],
      [
        ["race aab", "A: P0 r a0", "end"],
        0,
        'behind race stands a schedule such as AABAB, not "aab"',
      ],
      [
        ["race A B", "A: P0 r a0", "end"],
        0,
        'behind race stands a schedule such as AABAB, not "A B"',
      ],
      [["race", "A: P0 r a0", "B: P0 r b", "end"], 2, '"b" is no page, such as a0'],
      [
        ["race AA", "A: P0 r a0", "end"],
        0,
        "the schedule AA cannot be run: step 2, A: A has ended",
      ],
    ] as const
  ) {
    assert.throws(
      () => runScene([...BEFORE, ...lines], release),
      (error: unknown) =>
        error instanceof SceneError && error.at === BEFORE.length + at && error.message === said,
      said,
    );
  }
});

test("parseScenes() and printScenes() keep what loses", () => {
  const loses = [{ line: "* gr 0 0", answer: "=1" }, { line: "A: P0 r a0", answer: "segv" }];
  const scene = {
    name: "x",
    lines: ["race", "A: P0 r a0", "end", "* gr 0 0"],
    places: [4, 5, 6, 7],
  };
  const text = printScenes([{ ...scene, loses }]);
  assert.equal(parseScenes(text), [{ ...scene, loses }]);
  assert.equal(parseScenes(printScenes([scene]))[0]!.loses, undefined);
});

test("every named race has its file's name", () => {
  for (const [name, scene] of races) assert.is(scene.name, name);
  assert.equal([...races.keys()], ["r1", "r2", "r5", "r6", "r8", "r8-read", "r11"]);
});

test("one buffer and one child are begun by one operation at a time", () => {
  const pins = ["A: P0 pin a0 2 0", "B: P0 pin a0 2 0 fast", "end", "* unpin 0", "* unpin 0"];
  assert.equal(answers("race AB", ...pins).slice(1), ["ok", "EBUSY", "BA", "ok", "ENXIO"]);
  const forks = ["A: P0 fork P1", "B: P0 fork P1", "end"];
  assert.equal(answers("race AB", ...forks).slice(1), ["ok", "exists", "BA"]);
});

test("a device finds a pin, and a transfer ends, only when the operation that began it has ended", () => {
  const pin = ["A: P0 pin a0 2 0", "B: * gr 0 0", "B: * unpin 0", "end", "* gr 0 0"];
  assert.equal(answers("race ABB", ...pin).slice(1), ["ok", "EFAULT", "ENXIO", "BBA", "=1"]);
  const write = ["A: P0 dw a0 2 loop", "B: * dwend", "end", "* dwend"];
  assert.equal(answers("race AB", ...write).slice(1, 3), ["inflight", "none"]);
});

test("fork keeps out whoever takes the mmap_lock, and KSM; faults of one process meet", () => {
  for (
    const other of [
      "P0 w a1 5",
      "P0 pin a1 1 0",
      "P0 munmap a1 1",
      "P0 mr a1",
      "P0 madv a0 1 dontneed",
    ]
  ) {
    assert.throws(
      () => answers("race ABB", "A: P0 fork P1", `B: ${other}`, "end"),
      /step 3, B: B waits for mmap_lock of mm 1, held for write by A: P0 fork P1/,
      other,
    );
  }
  const merging = ["P0 madv a0 2 mergeable", "race ABB", "A: P0 fork P1", "B: * ksm", "end"];
  assert.throws(() => answers(...merging), /B waits for mmap_lock of mm \d, held for write by A/);
  const faults = ["P0 fork P1", "race ABAB", "A: P0 w a0 5", "B: P0 w a0+64 6", "end"];
  assert.is(answers(...faults)[1], "ABABAB");
});

test("each operation's events have their own causes, whoever ran in between", () => {
  const m = new Machine(release.era);
  const racer = (letter: string): Racer => ({
    text: letter,
    at: 0,
    *start() {
      m.op(letter);
      yield;
      m.note({ at: "wp_page_copy", pfn: letter === "A" ? 1 : 2 });
      yield;
      m.emit({ type: "mm", mm: m.state.nextMm });
      return "ok";
    },
  });
  const race = new Race(m, new Map([["A", [racer("A")]], ["B", [racer("B")]]]));
  for (const letter of "ABBAAB") race.step(letter);
  const text = (event: Event) =>
    event.type === "op"
      ? event.call
      : event.type === "note" && event.reason.at === "wp_page_copy"
      ? `pfn ${event.reason.pfn}`
      : event.type;
  const why = m.trace.map((event, i) => `${text(event)} < ${m.trace[m.causes[i]!]?.type ?? ""}`);
  assert.equal(why, ["A < ", "B < ", "pfn 2 < op", "pfn 1 < op", "mm < note", "mm < note"]);
  assert.equal([m.causes[4], m.causes[5]], [3, 2]);
  assert.ok(race.over());
});

test("what runs alone and what runs in a race take the same steps, event for event", () => {
  const events = (lines: readonly string[], release: Release) => {
    const stage = new Stage(release);
    for (const part of readScene(lines)) {
      if (isRace(part)) new Race(stage.machine, racersOf(stage, part)).finish();
      else stage.run(part);
    }
    return stage.machine.trace.map((event) => event.type === "op" ? event.type : event);
  };
  for (const { name, lines } of scenes.values()) {
    const raced = lines.flatMap((line) => ["race", `A: ${line}`, "end"]);
    for (const era of eras) {
      const release = releaseNamed(era.name);
      assert.equal(events(raced, release), events(lines, release), `${name}, ${era.name}`);
    }
  }
});

test("an invariant that breaks ends a race", () => {
  const { lines } = races.get("r8")!;
  const scheduled = lines.map((line) => line === "race" ? "race AABBBBBA" : line);
  assert.throws(
    () => runScene(scheduled, releaseNamed("6.0")),
    (error: unknown) =>
      error instanceof KernelBug && error.message === "pfn 1 is pinned and not exclusive",
  );
});

test.run();
