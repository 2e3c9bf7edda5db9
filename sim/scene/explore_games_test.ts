// What explore() counts, where it points, and when it asks the invariants.
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
  SceneError,
  story,
} from "../mod.ts";
import { exploreGame, type Game } from "./explore.ts";
import { Race } from "./race.ts";

const release = releaseNamed("mapcount");

const test = suite("explore games");

/** Letters that each take some steps, in which they do what is given; the schedule is the outcome. */
function game(
  letters: Record<string, ((m: Machine) => void)[]>,
  { check, loss }: {
    check?: (m: Machine) => void;
    loss?: (schedule: string) => string | undefined;
  } = {},
): () => Game {
  return () => {
    const m: Machine = new Machine(release.era, { check: () => check?.(m) });
    const racers = Object.entries(letters).map(([letter, steps]) => {
      const racer = {
        text: letter,
        at: 0,
        *start() {
          m.op(letter);
          for (const [i, step] of steps.entries()) {
            if (i > 0) yield;
            step(m);
          }
          return "ok";
        },
      };
      return [letter, [racer]] as const;
    });
    const race = new Race(m, new Map(racers));
    const finish = () => {
      const outcome = [race.schedule];
      return { answers: outcome, outcome, why: loss?.(race.schedule) };
    };
    return { race, finish };
  };
}

const nothing = () => {};
const alloc = (m: Machine) => m.emit({ type: "mm", mm: m.state.nextMm });

test("exploreGame() counts schedules and steps, and lists each outcome once", () => {
  const one = exploreGame(game({ A: [nothing] }));
  assert.equal([one.schedules, one.steps, one.complete, one.failing], [1, 1, true, 0]);
  const { schedules, steps, outcomes, complete } = exploreGame(
    game({ A: [nothing], B: [nothing, nothing] }),
  );
  assert.equal([schedules, steps, complete], [3, 9, true]);
  assert.equal(
    outcomes,
    ["ABB", "BAB", "BBA"].map((schedule) => ({
      answers: [schedule],
      why: undefined,
      schedules: 1,
      shortest: schedule,
    })),
  );
});

test("exploreGame() asks the invariants after every step that is new", () => {
  const check = (m: Machine) => {
    if (m.state.mms.size % 2 === 1) throw new KernelBug("odd");
  };
  const { schedules, failing, outcomes, shortest } = exploreGame(
    game({ A: [nothing], B: [alloc, alloc] }, { check }),
  );
  assert.equal([schedules, failing, shortest], [2, 2, "B"]);
  assert.equal(outcomes, [{ answers: [], why: "odd", schedules: 2, shortest: "B" }]);
});

test("exploreGame() tells bugs apart by what they say, and shows the loss with the fewest changes of letter", () => {
  const said = exploreGame(
    game({ A: [nothing, nothing], B: [nothing, nothing] }, {
      loss: (schedule) => schedule.startsWith("A") ? undefined : "B was first",
    }),
  );
  assert.equal([said.failing, said.shortest, said.why], [3, "BBAA", "B was first"]);
  const bugs = exploreGame(
    game({ A: [nothing, alloc], B: [nothing] }, {
      check: (m) => {
        if (m.state.mms.size) throw new KernelBug(`after ${m.trace.length} events`);
      },
    }),
  );
  assert.equal(
    bugs.outcomes.map(({ why, schedules, shortest }) => ({ why, schedules, shortest })),
    [
      { why: "after 2 events", schedules: 1, shortest: "AA" },
      { why: "after 3 events", schedules: 2, shortest: "BAA" },
    ],
  );
});

test("exploreGame() hands on what is no verdict", () => {
  const fails = (error: Error) =>
    game({
      A: [() => {
        throw error;
      }],
    });
  assert.throws(() => exploreGame(fails(new RangeError("mine"))), /^mine$/);
  assert.throws(
    () => exploreGame(fails(new SyntaxError("no word"))),
    (error: unknown) =>
      error instanceof SceneError && error.at === 0 && error.message === "no word",
  );
});

test("explore() tells outcomes apart that are no loss", () => {
  const lines = races.get("r2")!.lines;
  assert.equal(
    explore({ lines }, release).outcomes.map(({ answers, schedules }) => `${answers} ${schedules}`),
    ["ok,ok f1 copy,=1 2", "ok,ok f0 same,=2 2"],
  );
});

test("a loss may be an answer of any line, the first included", () => {
  const loses = (line: string, answer: string) => {
    const [scene] = parseScenes(
      `# loses: ${line} -> ${answer}\nP0 mmap a 1 priv\nrace\nA: P0 r a0\nend\nP0 r a0`,
    );
    return explore(scene!, release).why;
  };
  assert.is(loses("P0 mmap a 1 priv", "ok"), "P0 mmap a 1 priv -> ok");
  assert.is(loses("A:  P0 r  a0", "=0 f1"), "A:  P0 r  a0 -> =0 f1");
  assert.is(loses("P0 r a0", "=0 f0"), "P0 r a0 -> =0 f0");
  assert.is(loses("P0 r a0", "=1 f0"), undefined);
});

test("what cannot be explored is named by its line", () => {
  const CASES: [text: string, at: number][] = [
    ["P0 r a0\nP0 r a0", 0],
    ["P0 r a0\nrace\nA: P0 r a0\nend\nrace\nA: P0 r a0\nend", 4],
    ["# loses: P0 r a9 -> ok\nP0 r a0\nrace\nA: P0 r a0\nend", 0],
    ["P0 r a0\nrace\nA: P0 r a0\nB: P0 r b\nend", 3],
  ];
  for (const [text, at] of CASES) {
    const [scene] = parseScenes(text);
    assert.throws(
      () => explore(scene!, release),
      (error: unknown) => error instanceof SceneError && error.at === at,
      text,
    );
    if (at === 3) assert.throws(() => replay(scene!, release, "AB"), /is no page/);
  }
});

test("nothing that gup-fast took for a while is left when a race is over", () => {
  for (
    const [name, schedule] of [["r5", ""], ["r5", "BBBBAAA"], ["r6", ""], ["r8", ""], [
      "r8-read",
      "",
    ]] as const
  ) {
    const { trace } = replay(races.get(name)!, releaseNamed("5.10.4"), schedule);
    const m = new Machine(release.era);
    for (const event of trace) m.emit(event);
    assert.equal([m.state.grabbed.size, m.state.inFlight.size], [0, 0], name);
  }
});

test("whoever goes through an address space under the lock held for read leaves it whole, beside anybody", () => {
  const going = ["madv a0 2 pageout", "madv a0 1 dontneed", "madv a0 2 free"].map((op) =>
    `P0 ${op}`
  );
  const others = ["w a0 7", "r a0", "pin a0 2 0", "pin a0 1 0 r", "vms a0 0", "mw a0 8", "fork P5"];
  const beside = [
    ...going,
    ...others.map((op) => `P0 ${op}`),
    "* ksm",
    "P0 madv a0 1 dontneed, P1 r a0",
  ];
  const write = ["P0 mmap a 4 priv", "P0 w a0 1"], shared = [...write, "P0 fork P1"];
  const swapped = [...shared, "P0 madv a0 1 pageout", "P1 madv a0 1 pageout"];
  const befores = [
    write,
    shared,
    swapped,
    [...swapped, "P0 r a0"],
    [...write, "P0 fork P2", "P2 exit"], // the page is its process's alone again, and its entry read-only
    [...write, "P0 vms a0 0", "P0 fork P2", "P2 exit"],
    ["P0 mmap a 4 priv", "P0 madv a0 2 mergeable", "P0 w a0 1", "P0 w a1 1", "* ksm", "P0 r a0"],
  ];
  let schedules = 0;
  for (const name of [...eras.map(({ name }) => name), "6.0"]) {
    for (const before of befores) {
      for (const one of going) {
        for (const other of beside) {
          const race = [`A: ${one}`, ...other.split(", ").map((line) => `B: ${line}`)];
          const lines = [...before, "race", ...race, "end", "P0 r a0"];
          const found = explore({ lines }, releaseNamed(name));
          assert.is(found.why, undefined, `${name}: ${lines.join(", ")}`);
          schedules += found.schedules;
        }
      }
    }
  }
  assert.ok(schedules > 6000, `${schedules}`);
});

test("story() of reclaim says what it asked, and what gup-fast left it", () => {
  const told = (kernel: string, schedule: string) =>
    story(replay(races.get("r6")!, releaseNamed(kernel), schedule)).flatMap(({ said }) =>
      said.filter((line) => line.includes("try_to_unmap_one"))
    );
  assert.equal(told("6.1", ""), ["try_to_unmap_one: pfn 1 is not pinned"]);
  assert.equal(told("6.0", ""), ["try_to_unmap_one: pfn 1 is not pinned"]);
  assert.equal(told("page_count", ""), []);
});

test.run();
