// Races: how many schedules there are, how many lose, and the shortest that does, kernel by kernel.
//
//   r1       mapcount    AAAABB    the child has its page in the pipe and has unmapped it: the parent writes in place
//   r2       mapcount    AAABBB    the parent writes after the fork, and leaves the device behind
//   r5       5.10.3      ABBBAA    fork asks, gup-fast pins, fork shares
//   r6       page_count  AABBBBBA  reclaim asks, gup-fast pins, reclaim unmaps
//   r8       6.0         AABBBBBA  the same, though the emptied entry should have been seen
//   r8-read  6.0         AABBBBBA
//   r11      4.8         AABAA     a forced write copies, the copy is dropped, a read maps the file's page, and that is written
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  eras,
  explore,
  KernelBug,
  Machine,
  parseScenes,
  races,
  releaseNamed,
  replay,
  type Scene,
  SceneError,
  story,
} from "../mod.ts";
import { exploreGame, type Game, replayGame } from "./explore.ts";
import { mm_alloc } from "../mm/fork.ts";
import { Race } from "./race.ts";

/** Losing schedules of all schedules. Up to 5.8 r5 loses as r2 does: fork does not ask there. */
const TABLE = `
|         | refcount_old | 2.6.21  | 4.8     | mapcount | read_gup_breaks_cow | 5.10.3   | 5.10.4   | page_count | 6.0      | 6.1     | anon_exclusive | ro_longterm | large_folio |
| r1      | 0 of 10      | 1 of 35 | 1 of 35 | 1 of 35  | 0 of 30             | 0 of 35  | 0 of 35  | 0 of 35    | 0 of 35  | 0 of 35 | 0 of 35        | 0 of 35     | 0 of 35     |
| r2      | 2 of 4       | 2 of 4  | 2 of 4  | 2 of 4   | 2 of 4              | 0 of 4   | 0 of 4   | 0 of 4     | 0 of 4   | 0 of 4  | 0 of 4         | 0 of 4      | 0 of 4      |
| r5      | 1 of 4       | 4 of 18 | 4 of 18 | 4 of 18  | 4 of 18             | 2 of 18  | 0 of 31  | 0 of 31    | 0 of 31  | 0 of 31 | 0 of 31        | 0 of 31     | 0 of 31     |
| r6      | 0 of 4       | 0 of 20 | 0 of 20 | 0 of 20  | 0 of 20             | 10 of 20 | 36 of 56 | 27 of 49   | 12 of 49 | 0 of 34 | 0 of 34        | 0 of 34     | 0 of 34     |
| r8      | 0 of 4       | 0 of 20 | 0 of 20 | 0 of 20  | 0 of 20             | 0 of 20  | 0 of 56  | 0 of 49    | 12 of 49 | 0 of 34 | 0 of 34        | 0 of 34     | 0 of 34     |
| r8-read | 0 of 4       | 0 of 20 | 0 of 20 | 0 of 20  | 0 of 20             | 0 of 20  | 0 of 56  | 0 of 49    | 12 of 49 | 0 of 34 | 0 of 34        | 0 of 34     | 0 of 34     |
| r11     | 0 of 4       | 0 of 4  | 1 of 4  | 0 of 4   | 0 of 4              | 0 of 4   | 0 of 4   | 0 of 4     | 0 of 4   | 0 of 4  | 0 of 4         | 0 of 4      | 0 of 4      |
`;

/** What is listed above. */
const SHORTEST: [race: string, kernel: string, schedule: string, why: string][] = [
  ["r1", "mapcount", "AAAABB", "* pr 0 -> =2"],
  ["r2", "mapcount", "AAABBB", "* gr 0 0 -> =1"],
  ["r5", "5.10.3", "ABBBAA", "* gr 0 0 -> =1"],
  ["r6", "page_count", "AABBBBBA", "* gr 0 0 -> =1"],
  ["r8", "6.0", "AABBBBBA", "pfn 1 is pinned and not exclusive"],
  ["r8-read", "6.0", "AABBBBBA", "pfn 1 is pinned and not exclusive"],
  ["r11", "4.8", "AABAA", "P0 r b0 -> =9 f1"],
];

const test = suite("explore");
const [head, ...rows] = TABLE.trim().split("\n")
  .map((line) => line.split("|").slice(1, -1).map((text) => text.trim()));

for (const [name, ...cells] of rows) {
  for (const [i, expected] of cells.entries()) {
    const kernel = head![i + 1]!;
    test(`explore() counts the schedules of ${name} on ${kernel}, and those that lose`, () => {
      const { failing, schedules, complete } = explore(races.get(name!)!, releaseNamed(kernel));
      assert.is(`${failing} of ${schedules}`, expected);
      assert.ok(complete);
    });
  }
}

for (const [name, kernel, schedule, why] of SHORTEST) {
  test(`explore() finds the shortest schedule of ${name} that loses on ${kernel}, and replay() runs it`, () => {
    const scene = races.get(name)!, release = releaseNamed(kernel);
    const found = explore(scene, release);
    assert.equal([found.shortest, found.why], [schedule, why]);
    const again = replay(scene, release, schedule);
    assert.equal([again.schedule, again.why], [schedule, why]);
  });
}

test("explore() runs every schedule once: those that replay() takes to the last letter, out of all words", () => {
  for (const [name, kernel] of [["r1", "mapcount"], ["r5", "5.10.4"], ["r8", "6.0"]] as const) {
    const scene = races.get(name)!, release = releaseNamed(kernel);
    const words = (length: number): string[] =>
      length === 0 ? [""] : words(length - 1).flatMap((word) => [`${word}A`, `${word}B`]);
    let count = 0;
    const isSchedule = (word: string) => {
      try {
        return replay(scene, release, word).schedule === word;
      } catch (error) {
        if (error instanceof SceneError) return false;
        throw error;
      }
    };
    for (let length = 1; length <= 12; length++) count += words(length).filter(isSchedule).length;
    assert.is(count, explore(scene, release).schedules, name);
  }
});

test("explore() tells outcomes apart by answers, not by the order in which operations ended", () => {
  const { outcomes, schedules } = explore(races.get("r2")!, releaseNamed("mapcount"));
  assert.equal(outcomes.map(({ answers, why, schedules }) => ({ answers, why, schedules })), [
    { answers: ["ok", "ok f1 copy", "=1"], why: "* gr 0 0 -> =1", schedules: 2 },
    { answers: ["ok", "ok f0 same", "=2"], why: undefined, schedules: 2 },
  ]);
  assert.is(schedules, 4);
});

test("explore() knows no loss but what the scene says, and bugs", () => {
  const { lines } = races.get("r2")!, release = releaseNamed("mapcount");
  assert.is(explore({ lines }, release).failing, 0);
  const loses = [{ line: lines.at(-1)!, answer: "=2" }];
  const found = explore({ lines, loses }, release);
  assert.equal([found.failing, found.why], [2, `${lines.at(-1)} -> =2`]);
});

test("a forced write whose copy is dropped, or overtaken, is to the copy's successor, and never to the file", () => {
  const mine = ["P0 mmap a 1 pfile", "P0 mprot a0 1 r"],
    others = ["P0 madv a0 1 dontneed", "P0 r a0"];
  for (const before of [mine, [...mine, "P0 r a0"], [...mine, "P0 mw a0 1", "P0 fork P1"]]) {
    const race = ["race", "A: P0 mw a0 9", ...others.map((line) => `B: ${line}`), "end"];
    const lines = [...before, ...race, "P0 mmap b 1 sfile", "P0 r b0"];
    for (const kernel of ["4.8.3", "5.4.59", ...eras.slice(1).map(({ name }) => name)]) {
      const { outcomes } = explore({ lines }, releaseNamed(kernel));
      for (const { answers } of outcomes) assert.is(answers.at(-1), "=50 f1", kernel);
    }
    const forgets = explore({ lines }, releaseNamed("4.8.2")).outcomes;
    assert.ok(forgets.some(({ answers }) => answers.at(-1) === "=9 f1"), `${before}`);
  }
});

test("explore() stops at its limit and says so", () => {
  const heard: number[] = [];
  const three = scene("race\nA: P0 w a0 1\nB: P0 w a1 1\nC: P0 w a2 1\nD: P0 w a3 1\nend");
  const options = { limit: 1500, progress: (schedules: number) => heard.push(schedules) };
  const found = explore(three, releaseNamed("mapcount"), options);
  assert.equal([found.schedules, found.complete, heard], [1500, false, [1000]]);
  assert.ok(explore(three, releaseNamed("mapcount"), { limit: 2520 }).complete);
});

/** A process with four pages, then these lines. */
function scene(text: string): Scene {
  return parseScenes(`P0 mmap a 4 priv\n${text}`)[0]!;
}

test("two threads that write to one shared page at once lose neither write, in any kernel", () => {
  const two = scene(`
    P0 w a0 1
    P0 fork P1
    race
    A: P0 w a0 2
    B: P0 w a0+64 3
    C: P1 w a0+128 4
    end
    P0 r a0
    P0 r a0+64
    P0 r a0+128
    P1 r a0
    P1 r a0+64
    P1 r a0+128`);
  for (const { name } of eras) {
    const { outcomes, schedules } = explore(two, releaseNamed(name));
    for (const { answers } of outcomes) {
      assert.equal(answers.slice(3), ["=2 f0", "=3 f0", "=0 f0", "=1 f0", "=0 f0", "=4 f0"], name);
    }
    assert.ok(schedules > 500, `${schedules}`);
  }
});

test("a fault that has copied a page for nothing drops the copy and tries again", () => {
  const two = scene("P0 w a0 1\nP0 fork P1\nrace\nA: P0 w a0 2\nB: P0 w a0+64 3\nend");
  const { trace } = replay(two, releaseNamed("mapcount"), "ABAB");
  assert.is(trace.filter(({ type }) => type === "free").length, 1);
});

test("a pin that only reads keeps its frame while another thread's fault copies it: the fault refers to it, too", () => {
  const copying = scene(`
    P0 w a0 1
    P0 fork P1
    race
    A: P0 pin a0 1 0 r fast
    B: P0 w a0 2
    C: P1 exit
    end
    P0 w a0 3
    * gr 0 0`);
  for (const name of ["anon_exclusive", "ro_longterm", "large_folio"]) {
    const { outcomes, schedules } = explore(copying, releaseNamed(name));
    for (const { answers } of outcomes) assert.is(answers.at(-1), "=3", name);
    assert.ok(schedules > 300, `${schedules}`);
  }
});

test("exit waits for whoever is at work in the address space", () => {
  const leaving = scene("P0 w a0 1\nP0 fork P1\nrace\nA: P0 w a0 2\nB: P0 exit\nend");
  const found = explore(leaving, releaseNamed("mapcount"));
  assert.is(found.failing, 0);
  assert.throws(
    () => replay(leaving, releaseNamed("mapcount"), "ABB"),
    /step 3, B: B waits for mm 1, in which A: P0 w a0 2 is at work/,
  );
});

test("replay() names the letter that cannot take its step, and why", () => {
  const release = releaseNamed("5.10.4"), r5 = races.get("r5")!;
  for (
    const [schedule, said] of [
      ["AAAA", "step 4, A: A has ended"],
      ["ABB", "step 3, B: B waits for mmap_lock of mm 1, held for write by A: P0 fork P1"],
      ["AC", "step 2, C: there is no such letter, only A, B"],
    ] as const
  ) {
    const message = `the schedule ${schedule} cannot be run: ${said}`;
    assert.throws(
      () => replay(r5, release, schedule),
      (error: unknown) => error instanceof SceneError && error.message === message,
      schedule,
    );
  }
});

test("replay() goes on with A while it can, then B, where its schedule ends", () => {
  const release = releaseNamed("5.10.3"), r5 = races.get("r5")!;
  assert.is(replay(r5, release, "").schedule, "AAABBB");
  assert.is(replay(r5, release, "AB").schedule, "ABAABBBB");
});

test("explore() and replay() take a scene with one race", () => {
  const release = releaseNamed("5.10.3");
  for (
    const [text, said] of [
      ["P0 w a0 1", "there is no race in this scene"],
      ["race\nA: P0 r a0\nend\nrace\nA: P0 r a0\nend", "a second race"],
      ["race\nA: P0 jump\nend", 'no operation "jump"'],
      [
        "# loses: P0 r a1 -> x\nrace\nA: P0 r a0\nend",
        "what loses is no line of this scene: P0 r a1",
      ],
    ] as const
  ) {
    assert.throws(
      () => explore(scene(text), release),
      (error: Error) => error.message.includes(said),
    );
  }
});

test("story() has a line for each step, with what was seen and why", () => {
  const told = story(replay(races.get("r5")!, releaseNamed("5.10.3"), "ABBBAA"));
  assert.equal(
    told.map(({ letter, operation = "", said, answer = "" }) =>
      [letter, operation, said.join("; "), answer].filter((part) => part).join(" | ")
    ),
    [
      "A | P0 fork P1 | copy_present_pte: may share pfn 1: refcount 1, mapcount 1",
      "B | P0 pin a0 1 0 fast | mm 1 has pinned; gup_fast: the entry says pfn 1, writable",
      "B | 1024 more references to pfn 1",
      "B | P0 pin a0 1 0 fast | gup_fast: the entry has not changed; pin 0 has them | ok",
      "A | a0 of mm 1 shared with mm 2, read-only in both",
      "A | P0 fork P1 | ok",
    ],
  );
});

/** Two who each hold one address space and want the other's, which nothing in the kernel does. */
function crossed(): Game {
  const m = new Machine(releaseNamed("mapcount").era);
  const one = mm_alloc(m), other = mm_alloc(m);
  const racer = (letter: string, first = one, second = other) => {
    const text = `${letter}: reads the other`;
    return {
      text,
      at: 0,
      *start() {
        m.op(text);
        return yield* m.locked(
          first,
          "write",
          (function* () {
            yield;
            return yield* m.locked(
              second,
              "read",
              (function* () {
                yield;
                return "ok";
              })(),
            );
          })(),
        );
      },
    };
  };
  const race = new Race(m, new Map([["A", [racer("A")]], ["B", [racer("B", other, one)]]]));
  return { race, finish: () => ({ answers: ["ok"], outcome: ["ok"], why: undefined }) };
}

test("a deadlock is a verdict, with what each waits for", () => {
  const found = exploreGame(crossed);
  assert.is(`${found.failing} of ${found.schedules}: ${found.shortest}`, "4 of 8: ABBA");
  assert.is(
    found.why,
    "deadlock: A waits for mmap_lock of mm 2, held for write by B: reads the other; " +
      "B waits for mmap_lock of mm 1, held for write by A: reads the other",
  );
  assert.is(replayGame(crossed(), { schedule: "ABBA", at: 0 }).why, found.why);
  assert.is(replayGame(crossed(), { schedule: "AAABB", at: 0 }).why, undefined);
});

test("Machine.run() of a path that waits is a deadlock: nobody else runs", () => {
  const m = new Machine(releaseNamed("mapcount").era), mm = mm_alloc(m);
  m.op("the first");
  const first = m.locked(
    mm,
    "read",
    (function* () {
      yield;
    })(),
  );
  first.next();
  m.op("a reader");
  m.run(m.locked(mm, "read", (function* () {})()));
  m.op("a writer");
  assert.throws(
    () => m.run(m.locked(mm, "write", (function* () {})())),
    (error: unknown) =>
      error instanceof KernelBug && error.message ===
        "deadlock: a writer waits for mmap_lock of mm 1, held for read by the first, and nobody else runs",
  );
  first.next();
  m.run(m.locked(mm, "write", (function* () {})()));
});

test.run();
