// The comparison of pictures, and the story that it tells. How a suite counts is tested where suites are run.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { anonExclusive, type Era, Lab, mapcount, pageCount, scenes } from "sim";
import {
  dice,
  everyChoice,
  everyOrder,
  holds,
  sameFrames,
  sameRows,
  sameScenes,
} from "./expect.ts";
import { parted, someOrders, suite } from "./expect.ts";

const A = 0x7000;

function forked(): Lab {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  m.store(1, A, "old");
  m.fork(1);
  m.store(1, A, "new");
  return m;
}

function thrown(body: () => void): { message: string; details: string; code: string } {
  try {
    body();
  } catch (error) {
    return error as { message: string; details: string; code: string };
  }
  throw new Error("nothing was thrown");
}

test("sameFrames() compares what a picture says, not how it is indented or spaced", () => {
  sameFrames(
    forked(),
    `
      pfn 1  refcount 1  mapcount 1  "old"   pid 2 r--
      pfn 2     refcount 1  mapcount 1  "new"  pid 1 rw-
    `,
    "not told",
  );
  sameFrames(new Lab(mapcount), "no frame is in use", "not told");
});

test("sameFrames() tells the operations and both pictures", () => {
  const { message, details, code } = thrown(() =>
    sameFrames(
      forked(),
      `
      pfn 1  refcount 1  mapcount 1  "old"    pid 2 r--
      pfn 2  refcount 1  mapcount 1  "newer"  pid 1 rw-
      `,
      "the promise; where to look",
    )
  );
  assert.equal([message, code], ["the promise; where to look", "ERR_ASSERTION"]);
  const told = details.split("\n").filter((line) => !line.startsWith("    do_wp_page"));
  assert.is(
    told.join("\n"),
    `What happened:
  mmap(pid 1, 0x7000, 1 page)
  store(pid 1, 0x7000, "old")
  fork(pid 1), the child is pid 2
  store(pid 1, 0x7000, "new")
The frames (- now, + as promised):
    pfn 1  refcount 1  mapcount 1  "old"  pid 2 r--
  - pfn 2  refcount 1  mapcount 1  "new"  pid 1 rw-
  + pfn 2  refcount 1  mapcount 1  "newer"  pid 1 rw-`,
  );
});

test("sameFrames() does not take a missing or another row for the same", () => {
  for (
    const picture of [
      `pfn 1  refcount 1  mapcount 1  "old"  pid 2 r--`,
      "",
      `pfn 1  refcount 1  mapcount 1  "old"  pid 2 r--
       pfn 2  refcount 1  mapcount 1  "new"  pid 1 r--`,
    ]
  ) assert.is(thrown(() => sameFrames(forked(), picture, "told")).message, "told");
});

test("a long story is told from its end", () => {
  const m = forked();
  for (let i = 0; i < 20; i++) m.store(1, A, `v${i}`);
  const { details } = thrown(() => sameFrames(m, "", "told"));
  assert.match(details, '(12 before these)\n  store(pid 1, 0x7000, "v8")');
});

test("sameRows() tells what was asked, and both answers", () => {
  sameRows(["f(1)"], "a  1\nb  2", "a     1\nb  2", "not told");
  const { message, details, code } = thrown(() =>
    sameRows(["f(1)"], "a  1\nb  2", "a  1\nb  3", "told")
  );
  assert.equal([message, code], ["told", "ERR_ASSERTION"]);
  assert.is(
    details,
    `What was asked:
  f(1)
The answer (- now, + as promised):
    a  1
  - b  2
  + b  3`,
  );
});

test("a row that is missing, or one too many, is the only row that is told apart", () => {
  const told = (now: string, promised: string) =>
    thrown(() => sameRows(["f()"], now, promised, "told")).details.split("\n").slice(3).join("\n");
  assert.is(told("a\nb", "a\nb\nc"), "    a\n    b\n  + c");
  assert.is(told("a\nb\nc", "a\nb"), "    a\n    b\n  - c");
  assert.is(told("a\nc", "a\nb\nc"), "    a\n  + b\n    c");
  assert.is(told("", "a"), "  + a");
});

test("holds() says nothing when it does, and draws the frames when not", () => {
  holds(forked(), true, "not told");
  const { message, details } = thrown(() => holds(forked(), false, "told"));
  assert.is(message, "told");
  assert.match(details, `The frames:\n  pfn 1  refcount 1  mapcount 1  "old"  pid 2 r--`);
});

test("sameScenes() says nothing of a rule that every scene finds like the real one", () => {
  for (const era of [mapcount, pageCount, anonExclusive]) {
    sameScenes({ ...era, name: "yours" }, era, (scene) => `not told: ${scene}`);
  }
});

test("sameScenes() names the first scene that ends otherwise, and whose rule it was", () => {
  const yours = { ...anonExclusive, name: "your rule", wpCanReuse: () => true };
  const { message, details } = thrown(() => sameScenes(yours, anonExclusive, (scene) => scene));
  assert.ok(scenes.has(message), message);
  assert.match(details, `What was asked:\n  the scene ${message}, by your rule\nThe answer (`);
  assert.match(details, "  - P0 w a0 2: ok f1 same\n");
});

test("sameScenes() says how a machine broke", () => {
  const yours = { ...anonExclusive, name: "your rule", forkMustCopy: () => false };
  const { details } = thrown(() => sameScenes(yours, anonExclusive, (scene) => scene));
  assert.match(details, "  - the kernel stops: pfn 1 is pinned and not exclusive\n");
});

test("parted() plays under your rule, and answers the machine if the real one parts from it", () => {
  const play = (era: Era) => {
    const m = new Lab(era, { invariants: false });
    m.mmap(1, A);
    m.store(1, A, "old");
    m.fork(1);
    m.store(1, A, "new");
    return m;
  };
  assert.is(parted({ ...mapcount, name: "yours" }, mapcount, "wpCanReuse", play), undefined);
  assert.is(parted(pageCount, mapcount, "wpCanReuse", play), undefined);
  const keeps = { ...mapcount, wpCanReuse: () => true };
  const m = parted(keeps, mapcount, "wpCanReuse", play);
  assert.is(m?.string(2, A), "new");
  const copies = { ...mapcount, forkMustCopy: () => true };
  assert.is(parted(copies, mapcount, "forkMustCopy", play)?.state.frames.size, 3);
});

test("everyOrder() has every order once, the shorter ones first", () => {
  const orders = [...everyOrder(["a", "b"], 2)].map((order) => order.join(""));
  assert.equal(orders, ["", "a", "b", "aa", "ab", "ba", "bb"]);
  assert.is([...everyOrder([1, 2, 3], 4)].length, 1 + 3 + 9 + 27 + 81);
  assert.equal([...everyOrder(["a"], 0)], [[]]);
});

test("everyOrder() leaves out the orders with a step that may not come there", () => {
  const once = (step: string, before: readonly string[]) => !before.includes(step);
  const orders = [...everyOrder(["a", "b"], 3, once)].map((order) => order.join(""));
  assert.equal(orders, ["", "a", "b", "ab", "ba"]);
});

test("everyChoice() has every choice once", () => {
  const rows = [...everyChoice({ a: [1, 2], b: ["x"], c: [true, false] })].map(({ a, b, c }) =>
    `${a} ${b} ${c}`
  );
  assert.equal(rows, ["1 x true", "2 x true", "1 x false", "2 x false"]);
  assert.equal([...everyChoice({})], [{}]);
  assert.equal([...everyChoice({ a: [1], b: [] })], []);
});

test("someOrders() and dice() are the same in every run, and another seed is another throw", () => {
  const thrown = (seed: number) => [...someOrders(["a", "b", "c"], 40, 5, seed)].join(" ");
  assert.is(thrown(7), thrown(7));
  assert.is.not(thrown(7), thrown(8));
  assert.equal(new Set(thrown(7).split(/[ ,]/)), new Set(["a", "b", "c"]));
  const next = dice(2020), throws = Array.from({ length: 600 }, () => next(6));
  for (const side of [0, 1, 2, 3, 4, 5]) {
    const count = throws.filter((one) => one === side).length;
    assert.ok(count > 60 && count < 140, `${side} fell ${count} times of 600`);
  }
});

test("a test whose code writes to the machine's state has not passed, whatever it shows", async () => {
  const forged = suite("forged"), writing = (m: Lab) => m.page(1) as { refcount: number };
  forged("reads", () => holds(forked(), true, "not told"));
  forged("writes", () => {
    const m = forked();
    writing(m).refcount = 7;
    sameFrames(
      m,
      `
      pfn 1  refcount 7  mapcount 1  "old"  pid 2 r--
      pfn 2  refcount 1  mapcount 1  "new"  pid 1 rw-
      `,
      "not told",
    );
  });
  forged("looks at many", () => {
    const first = forked();
    for (const m of [first, forked(), forked(), first]) holds(m, true, "not told");
  });
  forged("writes, and looks at another", () => {
    const m = forked();
    writing(m).refcount = 7;
    for (const one of [m, forked(), forked()]) holds(one, true, "not told");
  });
  forged("writes after a look", () => {
    const m = forked();
    for (const one of [m, forked()]) holds(one, true, "not told");
    writing(m).refcount = 7;
    for (const one of [m, forked()]) holds(one, true, "not told");
  });
  const told: string[] = [];
  const ended = (name: string, error?: Error) => told.push(`${name}: ${error?.message ?? "fine"}`);
  await forged.run({ started() {}, ended });
  const wrote = "the code under test wrote to the state of the machine, which is given to be read";
  assert.equal(told, [
    "reads: fine",
    `writes: ${wrote}`,
    "looks at many: fine",
    `writes, and looks at another: ${wrote}`,
    `writes after a look: ${wrote}`,
  ]);
});

test.run();
