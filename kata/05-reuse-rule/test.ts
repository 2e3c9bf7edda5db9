import { anonExclusive, type Era, type Frame, framesText, Lab, MADV_PAGEOUT, mapcount } from "sim";
import { PAGE_SIZE, pageCount, PROT_READ, PROT_WRITE } from "sim";
import { dice, everyChoice, everyOrder, parted, sameFrames, sameScenes } from "../expect.ts";
import { someOrders, suite } from "../expect.ts";
import { answers, anyLook, CONTENTS, COUNTS, frameText } from "../questions.ts";

type Kata = typeof import("./solution.ts");

const A = 0x7000, B = A + PAGE_SIZE;

/** Three answers to one question, each as its kernels gave it. */
export default (kata: Kata, seed = 1) => {
  const test = suite("the reuse rule, three times");

  const named = (name: keyof Kata, real: Era): Era => ({
    ...real,
    name: `your ${name}`,
    wpCanReuse: (page, swapCount = 0) => kata[name](page, swapCount),
  });
  const byMapcount = named("byMapcount", mapcount);
  const byPageCount = named("byPageCount", pageCount);
  const byExclusive = named("byExclusive", anonExclusive);
  const rules = [[byMapcount, mapcount], [byPageCount, pageCount], [byExclusive, anonExclusive]];

  /** Process 1 has stored "old", and forked until so many are alive. */
  function family(era: Era, processes: number): Lab {
    const m = alone(era);
    while (m.state.tasks.size < processes) m.fork(1);
    return m;
  }

  /** The same, but the page was swapped out before the fork; process 1 has read it again. */
  function swapped(era: Era, processes: number): Lab {
    const m = alone(era);
    m.madvise(1, A, 1, MADV_PAGEOUT);
    while (m.state.tasks.size < processes) m.fork(1);
    m.string(1, A);
    return m;
  }

  /** Process 1 stores "ours", and the frames are then `rows`. */
  function stores(m: Lab, hint: string, ...rows: string[]): void {
    m.store(1, A, "ours");
    sameFrames(m, rows.join("\n"), hint);
  }

  test("mapcount: the first of two that writes gets a copy", () => {
    const m = family(byMapcount, 2);
    stores(
      m,
      "byMapcount: pid 2 maps this frame as well, and now reads what pid 1 has written",
      'pfn 1  refcount 1  mapcount 1  "old"   pid 2 r--',
      'pfn 2  refcount 1  mapcount 1  "ours"  pid 1 rw-',
    );
  });

  test("mapcount: the last of two that writes keeps the frame", () => {
    const m = family(byMapcount, 2);
    m.store(2, A, "theirs");
    stores(
      m,
      "byMapcount: pid 1 was the only one that mapped pfn 1, and was given a copy all the same",
      'pfn 1  refcount 1  mapcount 1  "ours"    pid 1 rw-',
      'pfn 2  refcount 1  mapcount 1  "theirs"  pid 2 rw-',
    );
  });

  test("mapcount: a pipe's reference is not asked about", () => {
    const m = family(byMapcount, 2);
    m.vmsplice(2, A);
    m.munmap(2, A);
    const hint =
      "byMapcount: one page table is left that maps the frame; up to 5.7 that was enough, whoever else referred to it";
    stores(m, hint, 'pfn 1  refcount 2  mapcount 1  "ours"  pid 1 rw-, pipe');
  });

  test("mapcount: two relatives that have the page as a swap entry are owners", () => {
    const m = swapped(byMapcount, 3);
    stores(
      m,
      "byMapcount: nobody else maps the frame, but pid 2 and pid 3 will find it in the swap cache, with what pid 1 wrote",
      'pfn 2   refcount 1  mapcount 0  "old"     swap cache',
      'pfn 3   refcount 1  mapcount 1  "ours"    pid 1 rw-',
      "slot 1  entries 2               as pfn 2  pid 2 swapped, pid 3 swapped",
    );
  });

  test("mapcount: one relative that has the page as a swap entry is an owner", () => {
    const m = swapped(byMapcount, 2);
    stores(
      m,
      "byMapcount: the one swap entry is not the writer's, who maps the frame; it is pid 2's, who will read there",
      'pfn 2   refcount 1  mapcount 0  "old"     swap cache',
      'pfn 3   refcount 1  mapcount 1  "ours"    pid 1 rw-',
      "slot 1  entries 1               as pfn 2  pid 2 swapped",
    );
  });

  test("mapcount: a page that the swap cache alone still has is kept", () => {
    const m = alone(byMapcount);
    m.vmsplice(1, A);
    m.madvise(1, A, 1, MADV_PAGEOUT);
    m.string(1, A);
    const hint =
      "byMapcount: the page was in the swap cache, and no entry for it was left: the cache is a place, not an owner";
    stores(m, hint, 'pfn 1  refcount 2  mapcount 1  "ours"  pid 1 rw-, pipe');
  });

  test("page_count: two pins that a child took force a copy", () => {
    const m = family(byPageCount, 2);
    for (const nic of ["nic 1", "nic 2"]) m.pin_user_pages(2, A, 1, 0, nic);
    m.munmap(2, A);
    stores(
      m,
      "byPageCount: the child's devices read what the parent wrote after the fork: 5.9 no longer asks who maps a page",
      'pfn 1  refcount 2048  mapcount 0  "old"   nic 1 (pin), nic 2 (pin)',
      'pfn 2  refcount 1     mapcount 1  "ours"  pid 1 rw-',
    );
  });

  test("page_count: a pipe that a child filled forces a copy", () => {
    const m = family(byPageCount, 2);
    m.vmsplice(2, A);
    m.munmap(2, A);
    stores(
      m,
      "byPageCount: the child reads in its pipe what the parent wrote: this is the leak of 2020, and a pipe takes no pin",
      'pfn 1  refcount 1  mapcount 0  "old"   pipe',
      'pfn 2  refcount 1  mapcount 1  "ours"  pid 1 rw-',
    );
  });

  test("page_count: the process's own pin forces a copy, too", () => {
    const m = alone(byPageCount);
    m.pin_user_pages(1, A, 1, 0, "nic");
    m.mprotect(1, A, 1, PROT_READ);
    m.mprotect(1, A, 1, PROT_READ | PROT_WRITE);
    stores(
      m,
      "byPageCount: it is a pity, but 5.9 parts this process from its own device: any other reference is one too many",
      'pfn 1  refcount 1024  mapcount 0  "old"  nic (pin)',
      'pfn 2  refcount 1     mapcount 1  "ours"  pid 1 rw-',
    );
  });

  test("page_count: a page that a disk has filled and let go of is kept", () => {
    const m = alone(byPageCount);
    m.directIo(1, A, 1, "read", "disk");
    m.directDelivered("disk", 4);
    m.clearRefs(1);
    const hint =
      "byPageCount: the disk has given its reference back, and the dirty page that it left is nobody else's";
    stores(m, hint, 'pfn 1  refcount 1  mapcount 1  "ours"  pid 1 rw-');
  });

  test("page_count: a page for which a relative has a swap entry is copied", () => {
    const m = swapped(byPageCount, 2);
    stores(
      m,
      "byPageCount: the second reference is the swap cache's, where pid 2 will look the page up: leave it in the count",
      'pfn 2   refcount 1  mapcount 0  "old"     swap cache',
      'pfn 3   refcount 1  mapcount 1  "ours"    pid 1 rw-',
      "slot 1  entries 1               as pfn 2  pid 2 swapped",
    );
  });

  test("page_count: a page that the swap cache alone still has is copied", () => {
    const m = alone(byPageCount);
    m.vmsplice(1, A);
    m.madvise(1, A, 1, MADV_PAGEOUT);
    m.string(1, A);
    m.pipeRead();
    const hint =
      "byPageCount: for nothing, but it is a copy: 5.9 does not ask whether anybody needs the page in the swap cache";
    stores(m, hint, 'pfn 2  refcount 1  mapcount 1  "ours"  pid 1 rw-');
  });

  test("anon_exclusive: the first of two that writes gets a copy", () => {
    const m = family(byExclusive, 2);
    stores(
      m,
      "byExclusive: both references are mappings, and one of the two is pid 2's, who reads pid 1's write there",
      'pfn 1  refcount 1  mapcount 1             "old"   pid 2 r--',
      'pfn 2  refcount 1  mapcount 1  exclusive  "ours"  pid 1 rw-',
    );
  });

  test("anon_exclusive: what was never shared is kept, whoever refers to it", () => {
    const m = alone(byExclusive);
    m.vmsplice(1, A);
    m.clearRefs(1);
    const hint =
      "byExclusive: no fork has shared it, clear_refs only took the right to write, and yet it was copied: 5.9's mistake";
    stores(m, hint, 'pfn 1  refcount 2  mapcount 1  exclusive  "ours"  pid 1 rw-, pipe');
  });

  test("anon_exclusive: what was shared once is kept by the last", () => {
    const m = family(byExclusive, 2);
    m.exit(2);
    const hint =
      "byExclusive: the fork took the mark away, and nobody gave it back when pid 2 exited: now a count can tell";
    stores(m, hint, 'pfn 1  refcount 1  mapcount 1  exclusive  "ours"  pid 1 rw-');
  });

  test("anon_exclusive: a pipe that a child filled forces a copy", () => {
    const m = family(byExclusive, 2);
    m.vmsplice(2, A);
    m.munmap(2, A);
    stores(
      m,
      "byExclusive: the mark was gone, and what you asked instead missed the pipe: the old leak is back",
      'pfn 1  refcount 1  mapcount 0             "old"   pipe',
      'pfn 2  refcount 1  mapcount 1  exclusive  "ours"  pid 1 rw-',
    );
  });

  test("anon_exclusive: a page for which a relative has a swap entry is copied", () => {
    const m = swapped(byExclusive, 2);
    stores(
      m,
      "byExclusive: the page is in the swap cache because pid 2 will look for it there; if nobody did, it would be out",
      'pfn 2   refcount 1  mapcount 0             "old"     swap cache',
      'pfn 3   refcount 1  mapcount 1  exclusive  "ours"    pid 1 rw-',
      "slot 1  entries 1                          as pfn 2  pid 2 swapped",
    );
  });

  test("every scene of the course, under each rule", () => {
    for (const [yours, real] of rules as [Era, Era][]) {
      const hint = (name: string) =>
        `${yours.name}: the scene ${name} ended otherwise on those kernels: which count did you ask?`;
      sameScenes(yours, real, hint);
    }
  });

  const names = Object.keys(STEPS);
  for (const [yours, real] of rules as [Era, Era][]) {
    test(`${real.name}: two pages and three processes, in every short order and some long ones`, () => {
      for (const order of [...everyOrder(names, 2), ...someOrders(names, 250, 12, 2020)]) {
        for (const start of ["in memory", "swapped out"] as const) {
          agrees(yours, real, start, order);
        }
      }
    });
  }

  const like = alone(mapcount).page(1);

  /** Asks one rule about a frame by itself. */
  function asks(name: keyof Kata, about: Partial<Frame>, entries: number, wanted: boolean) {
    const page = Object.freeze({ ...like, ...about });
    const emptied = name === "byExclusive" && page.swap && !page.anonExclusive;
    return {
      asked: () => [
        `${name}() of ${frameText(page)}; ${entries} swap entries`,
        ...emptied ? ["  (the machine has emptied the cache: this is needed there)"] : [],
      ],
      ask: () => kata[name](page, entries),
      wanted,
    };
  }

  test("what else is known of a frame is not asked", () => {
    /** The writer's own, and one that a relative maps as well. */
    const both = (look: Partial<Frame>) => [
      ...RULES.map((name) => asks(name, { ...look, mapcount: 1, refcount: 1 }, 0, true)),
      ...RULES.map((name) => asks(name, { ...look, mapcount: 2, refcount: 2 }, 0, false)),
    ];
    const looks = (look: Partial<Frame>, hint: string) => answers(seed, both(look), hint);
    looks({ dirty: true }, "somebody has written to the frame, which says nothing of who has it");
    looks({ lazyfree: true }, "MADV_FREE has given the contents up; the owners are as many");
    looks({ pfn: 2 ** 38 }, "a frame high in memory has owners like one that lies low");
    const bytes = "no byte of a page, and no number of them, says who owns it";
    answers(seed, CONTENTS.flatMap((bytes) => both({ bytes })), bytes);
  });

  const next = dice(seed);
  const questions = CASES.map((row) => {
    const choices = [...everyChoice(row)], times = Math.ceil(50 / choices.length);
    return Array.from({ length: times }, () => choices).flat().flatMap((choice) => {
      const { mapped, swapped, cached, held, anonExclusive, keeps } = choice;
      const mapcount = 1 + mapped, refcount = mapcount + cached + held;
      // No kernel of the first two rules had the mark, and what KSM has merged is not asked about.
      return RULES.filter((name) => !anonExclusive || name === "byExclusive").map((name) => {
        const look = anyLook(next), swap = cached && (look.swap || 7);
        const page = { ...look, kind: "anon", mapcount, refcount, swap, anonExclusive } as const;
        return asks(name, page, swapped, keeps.includes(name));
      });
    });
  });

  test("any number of references", () => {
    const hint =
      "nobody else maps the frame; pipes and devices are nothing to byMapcount, and one is too many for byPageCount: a count is all its bits";
    answers(seed, questions.slice(0, 2).flat(), hint);
  });

  test("any page that the swap cache has", () => {
    const hint =
      "the swap cache has the frame as well, and no entry leads there: it is one reference, whatever its slot, and no relative";
    answers(seed, questions[2]!, hint);
  });

  test("any number of relatives", () => {
    const hint =
      "a relative maps the frame, or has an entry that leads to it: no rule lets the writer keep it, and a count is all its bits";
    answers(seed, questions.slice(3, 6).flat(), hint);
  });

  test("any counts, any frame, in any order", () => {
    answers(
      seed,
      questions.flat(),
      "each frame is judged by itself: what came before is nothing to the rule",
    );
  });

  return test;
};

const RULES = ["byMapcount", "byPageCount", "byExclusive"] as const;

/** Process 1 has stored "old". */
function alone(era: Era): Lab {
  const m = new Lab(era, { invariants: false });
  m.mmap(1, A);
  m.store(1, A, "old");
  return m;
}

/** How many others there may be, and how many references of pipes and devices. */
const OTHERS = COUNTS.filter((count) => count > 0 && (count < 7 || count % 3 === 1));
const HELD = COUNTS.filter((count) => count > 0);
const FEW = [1, 2, 63, 1023, 1 << 20];
const NOBODY = { mapped: [0], swapped: [0], cached: [0], held: [0], anonExclusive: [false] };
const STRANGERS = { ...NOBODY, cached: [0, 1], held: [0, ...FEW] };

/** Who has the frame beside its writer, and which rules let that keep it; a row stands for every choice of its numbers. */
const CASES = [
  { ...NOBODY, keeps: [["byMapcount", "byPageCount", "byExclusive"]] },
  // Pipes and devices; the swap cache, without or with them.
  { ...NOBODY, held: HELD, keeps: [["byMapcount"]] },
  { ...NOBODY, cached: [1], held: [0, ...HELD], keeps: [["byMapcount"]] },
  // Relatives that map it, that will find it in the swap cache, that do either.
  { ...STRANGERS, mapped: OTHERS, keeps: [[]] },
  { ...STRANGERS, cached: [1], swapped: OTHERS, keeps: [[]] },
  { ...STRANGERS, cached: [1], swapped: FEW, mapped: FEW, keeps: [[]] },
  // Nobody whom a fork has shared it with, and whatever the writer has given it to.
  { ...STRANGERS, held: [0, ...HELD], anonExclusive: [true], keeps: [["byExclusive"]] },
];

/** Compares the machine under two rules after some steps, and where they part names the step. */
function agrees(yours: Era, real: Era, start: Start, order: readonly string[]): void {
  const m = parted(yours, real, "wpCanReuse", (era) => played(era, start, order));
  if (!m) return;
  for (let length = 1; length <= order.length; length++) {
    const steps = order.slice(0, length), picture = framesText(played(real, start, steps).state);
    const why = `"${steps.at(-1)}" ended otherwise on those kernels: who owned the frame?`;
    const now = length === order.length ? m : played(yours, start, steps);
    sameFrames(now, picture, `${yours.name}: ${why}`);
  }
}

/** What happens to two pages of a family; a step of somebody who is gone, or who has unmapped the page, is nothing. */
const STEPS: Record<string, (m: Lab, value: string) => void> = {
  "1 stores a": (m, value) => m.store(1, A, value),
  "1 stores b": (m, value) => m.store(1, B, value),
  "2 stores a": (m, value) => m.store(2, A, value),
  "3 stores a": (m, value) => m.store(3, A, value),
  "1 loads a": (m) => m.string(1, A),
  "2 loads a": (m) => m.string(2, A),
  "2 forks": (m) => m.state.tasks.size < 3 && m.fork(2),
  "2 splices a": (m) => m.vmsplice(2, A),
  "1 splices a": (m) => m.vmsplice(1, A),
  "1 pins b": (m) => m.pin_user_pages(1, B, 1, 0, "nic"),
  "2 unmaps a": (m) => m.munmap(2, A),
  "2 exits": (m) => m.exit(2),
  "1 pages out": (m) => m.madvise(1, A, 2, MADV_PAGEOUT),
  "1 is write-protected": (m) => m.clearRefs(1),
  "the pipe is read": (m) => m.pipeRead(),
};

type Start = "in memory" | "swapped out";

/** The machine after some steps of processes 1 and 2. */
function played(era: Era, start: Start, order: readonly string[]): Lab {
  const m = alone(era);
  m.mmap(1, B);
  m.store(1, B, "old");
  if (start === "swapped out") m.madvise(1, A, 2, MADV_PAGEOUT);
  m.fork(1);
  for (const [i, step] of order.entries()) {
    const pid = Number(step[0]) || 1;
    if (!m.state.tasks.has(pid)) continue;
    if (pid === 2 && step.endsWith("a") && !m.vma(m.mm(2), A)) continue;
    if (pid === 3 && !m.vma(m.mm(3), A)) continue;
    STEPS[step]!(m, `v${i}`);
  }
  return m;
}
