import { FOLL_WRITE, type Frame, Lab, mapcount, PAGE_SIZE } from "sim";
import { dice, everyOrder, holds, sameFrames, suite } from "../expect.ts";
import { answers, anyLook, CONTENTS, COUNTS, frameText, type Question } from "../questions.ts";

const A = 0x7000, B = A + PAGE_SIZE;

/** The last writer keeps the frame, and nobody before. */
export default (kata: typeof import("./solution.ts"), seed = 1) => {
  const test = suite("the last writer keeps the frame");

  /** Process 1 has stored "old" and forked until `processes` are alive; the reader's rule decides. */
  function forked(processes: number, devices = 0): Lab {
    const era = { ...mapcount, name: "your wpCanReuse", wpCanReuse: kata.wpCanReuse };
    const m = new Lab(era, { invariants: false });
    m.mmap(1, A);
    m.store(1, A, "old");
    for (let i = 0; i < devices; i++) m.get_user_pages(1, A, 1, FOLL_WRITE, `nic ${i + 1}`);
    while (m.state.tasks.size < processes) m.fork(1);
    return m;
  }

  test("of three processes, the one that writes first gets a copy", () => {
    const m = forked(3);
    m.store(1, A, "new");
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 2  "old"  pid 2 r--, pid 3 r--
      pfn 2  refcount 1  mapcount 1  "new"  pid 1 rw-
      `,
      "pid 2 and pid 3 now read what pid 1 wrote after the fork: a frame that others map may not be kept",
    );
  });

  test("of two processes, one with a device, the one that writes first gets a copy", () => {
    const m = forked(2, 1);
    m.store(1, A, "new");
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 1  "old"  pid 2 r--, nic 1
      pfn 2  refcount 1  mapcount 1  "new"  pid 1 rw-
      `,
      "two mappings are two processes, the writer and one that must not see the write: two is too many",
    );
  });

  test("of two processes, the one that writes first gets a copy", () => {
    const m = forked(2);
    m.store(1, A, "new");
    sameFrames(
      m,
      `
      pfn 1  refcount 1  mapcount 1  "old"  pid 2 r--
      pfn 2  refcount 1  mapcount 1  "new"  pid 1 rw-
      `,
      "the second owner of this frame is no device but a process, and it now reads what pid 1 wrote",
    );
  });

  test("of two processes, the one that writes last keeps the frame", () => {
    const m = forked(2);
    m.store(2, A, "theirs");
    m.store(1, A, "ours");
    sameFrames(
      m,
      `
      pfn 1  refcount 1  mapcount 1  "ours"    pid 1 rw-
      pfn 2  refcount 1  mapcount 1  "theirs"  pid 2 rw-
      `,
      "pid 1 was the only one left that mapped pfn 1, and was given a copy all the same",
    );
  });

  test("of three processes, the one that writes second gets a copy as well", () => {
    const m = forked(3);
    m.store(2, A, "second");
    m.store(3, A, "third");
    sameFrames(
      m,
      `
      pfn 1  refcount 1  mapcount 1  "old"     pid 1 r--
      pfn 2  refcount 1  mapcount 1  "second"  pid 2 rw-
      pfn 3  refcount 1  mapcount 1  "third"   pid 3 rw-
      `,
      "pid 3 wrote second, not last: pid 1 still maps the frame. Ask who maps it now, not how often it was written",
    );
  });

  test("the last process keeps its frame when a device refers to it, too", () => {
    const m = forked(2, 1);
    m.exit(2);
    m.store(1, A, "new");
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 1  "new"  pid 1 rw-, nic 1
      `,
      "the device is left behind with the old frame, though no other process maps it: which count did you ask?",
    );
  });

  test("the last process keeps its frame, however many devices refer to it", () => {
    const m = forked(2, 3);
    m.exit(2);
    m.store(1, A, "new");
    sameFrames(
      m,
      `
      pfn 1  refcount 4  mapcount 1  "new"  pid 1 rw-, nic 1, nic 2, nic 3
      `,
      "three devices are left behind with the old frame: no number of references makes a frame another process's",
    );
  });

  test("two pages and two processes, in every order of stores, exits and references", () => {
    for (const order of everyOrder(STEPS, 4)) {
      const m = forked(1);
      m.mmap(1, B);
      m.store(1, B, "old");
      m.fork(1);
      const reads = new Map([["1a", "old"], ["1b", "old"], ["2a", "old"], ["2b", "old"]]);
      for (const [i, step] of order.entries()) play(m, step, `v${i}`, reads);
    }
  });

  test("frames that many processes map, and many devices refer to", () => {
    const kept = [[1, 0], [1, 40]], copied = [[2, 0], [3, 3], [4, 0], [5, 1], [9, 9]];
    for (const counts of [...kept, ...copied]) {
      const [mapped, devices] = counts as [number, number];
      const m = forked(mapped, devices);
      for (let i = 0; i < 11; i++) m.store(1, m.mmap(1, B + i * PAGE_SIZE), "");
      const before = pfnOf(m, 1, A);
      m.store(1, A, "");
      holds(
        m,
        (pfnOf(m, 1, A) === before) === kept.includes(counts),
        `a frame that ${mapped} page tables map and ${devices} devices refer to: only one mapping lets it be kept`,
      );
    }
  });

  const like = forked(1).page(1);

  /** Asks about a frame by itself. */
  function asks(counts: Partial<Frame>, kept: boolean): Question {
    const page = Object.freeze({ ...like, ...counts });
    return {
      asked: () => [`wpCanReuse() of ${frameText(page)}`],
      ask: () => kata.wpCanReuse(page),
      wanted: kept,
    };
  }

  test("what else is known of a frame is not asked", () => {
    const both = (look: Partial<Frame>) => [
      asks({ ...look, refcount: 2, mapcount: 1 }, true),
      asks({ ...look, refcount: 3, mapcount: 2 }, false),
    ];
    const looks = (look: Partial<Frame>, hint: string) => answers(seed, both(look), hint);
    looks({}, "the last process that maps a frame keeps it, and nobody before");
    looks(
      { swap: 7 },
      "the swap cache has the frame as well, at slot 7; it is no process that maps it",
    );
    looks({ dirty: true }, "dirty: somebody wrote to the frame, which says nothing of who maps it");
    looks(
      { lazyfree: true },
      "MADV_FREE has given the contents up, not the mapping: a process still maps it, or two do",
    );
    looks(
      { kind: "ksm" },
      "KSM has merged equal pages into this frame, and those who map it are counted as ever",
    );
    looks(
      { anonExclusive: true },
      "this mark came in 2022; a kernel that asks for mappings has no use for it",
    );
    looks({ bytes: [] }, "the frame is empty: who maps it is no question of what is in it");
    looks({ pfn: 2 ** 38 }, "the frame lies high in memory, and belongs to those who map it");
    looks({ swap: 2 ** 38 }, "the swap area is large; where in it a page lies, nobody maps it");
    const holding = CONTENTS.flatMap((bytes) => both({ bytes }));
    answers(seed, holding, "no byte of a page, and no number of them, says who maps it");
  });

  const next = dice(seed);
  const any = (mapcount: number, others: number, kept: boolean) =>
    asks({ ...anyLook(next), mapcount, refcount: mapcount + others }, kept);
  const alone = COUNTS.map((others) => any(1, others, true));
  const shared = COUNTS.filter((mapped) => mapped > 1).flatMap((mapped) =>
    [0, 1, 2, 40, 1023, 1024, 1 << 20].map((others) => any(mapped, others, false))
  );

  test("one mapping, and any number of references", () => {
    const hint = "one process maps this frame; no number of references is another process";
    answers(seed, alone, hint);
  });

  test("any number of mappings", () => {
    answers(seed, shared, "more than one process maps this frame, and a count is all of its bits");
  });

  test("any counts, any frame, in any order", () => {
    const hint =
      "this frame was answered rightly before: ask the frame, not how often you were asked";
    answers(seed, [...alone, ...shared], hint);
  });

  return test;
};

function pfnOf(m: Lab, pid: number, addr: number): number {
  return m.pte(m.mm(pid), addr)!.pfn;
}

/** A letter a step: `1a` process 1 stores to page a, `x` process 2 exits, `d` a device refers to page a. */
const STEPS = ["1a", "1b", "2a", "2b", "x", "d"] as const;
type Step = typeof STEPS[number];

/** Does one step, and compares what every process reads with what private memory means; steps of the dead are nothing. */
function play(m: Lab, step: Step, value: string, reads: Map<string, string>): void {
  if (step === "d") return void m.get_user_pages(1, A, 1, 0, `nic ${value}`);
  if (step === "x") {
    if (m.state.tasks.has(2)) m.exit(2);
    return;
  }
  const pid = Number(step[0]), addr = step[1] === "a" ? A : B;
  if (!m.state.tasks.has(pid)) return;
  const before = pfnOf(m, pid, addr);
  const alone = m.page(before).mapcount === 1;
  m.store(pid, addr, value);
  holds(
    m,
    !alone || pfnOf(m, pid, addr) === before,
    `pid ${pid} was the only one that mapped pfn ${before}, and was given a copy all the same`,
  );
  reads.set(step, value);
  for (const [where, text] of reads) {
    const reader = Number(where[0]);
    if (!m.state.tasks.has(reader)) continue;
    const page = m.page(m.pte(m.mm(reader), where[1] === "a" ? A : B)!.pfn);
    const actual = String.fromCharCode(...page.bytes).split("\0")[0];
    holds(m, actual === text, `pid ${reader} reads "${actual}" where it should read "${text}"`);
  }
}
