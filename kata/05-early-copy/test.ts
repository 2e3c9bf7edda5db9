import { anonExclusive, type Era, FOLL_WRITE, type Frame, Lab, MADV_PAGEOUT } from "sim";
import { framesText, type Mm, PAGE_SIZE, PROT_READ } from "sim";
import { dice, everyChoice, everyOrder, parted, sameFrames, sameScenes } from "../expect.ts";
import { suite } from "../expect.ts";
import {
  answer,
  answers,
  anyLook,
  anySpace,
  CONTENTS,
  frameText,
  type Question,
} from "../questions.ts";
import { spaceText } from "../questions.ts";

const A = 0x7000, B = A + PAGE_SIZE;
/** What a pin weighs in a refcount. */
const PIN = 1024;

/** Fork copies every page that is pinned, and hardly any other. */
export default (kata: typeof import("./solution.ts"), seed = 1) => {
  const test = suite("fork copies what is pinned"), { forkMustCopy } = kata;
  const yours: Era = { ...anonExclusive, name: "your forkMustCopy", forkMustCopy };

  /** The frames of `m` are `rows`. */
  function shows(m: Lab, hint: string, ...rows: string[]): void {
    sameFrames(m, rows.join("\n"), hint);
  }

  const like = stored(yours).page(1), small = stored(yours).mm(1);

  /** Asks about a frame by itself, in an address space that has pinned something or has not. */
  function asks(about: Partial<Frame>, space: Partial<Mm>, copied: boolean): Question {
    const page = Object.freeze({ ...like, ...about }), mm = Object.freeze({ ...small, ...space });
    return {
      asked: () => [`forkMustCopy() of ${frameText(page)}`, `  ${spaceText(mm)}`],
      ask: () => kata.forkMustCopy(page, mm),
      wanted: copied,
    };
  }

  /** Asks about one frame, and says why. */
  function says(counts: Partial<Frame>, hasPinned: boolean, wanted: boolean, hint: string): void {
    answer(asks(counts, { hasPinned }, wanted), hint);
  }

  test("a pinned page is copied for the child", () => {
    const m = pinned(yours);
    m.fork(1);
    shows(
      m,
      "nic has pinned this page and fork shared it: whoever writes first will be parted from the device, or get its data",
      'pfn 1  refcount 1025  mapcount 1  exclusive  "buffer"  pid 1 rw-, nic (pin)',
      'pfn 2  refcount 1     mapcount 1  exclusive  "buffer"  pid 2 rw-',
    );
  });

  test("what earlier children share is shared again, though the process pins", () => {
    const m = stored(yours);
    m.fork(1);
    m.mmap(1, B);
    m.pin_user_pages(1, B, 1, FOLL_WRITE, "nic");
    m.fork(1);
    shows(
      m,
      "pid 1 has pinned something, but not pfn 1, which it shares with pid 2 already: that one was copied for nothing",
      'pfn 1  refcount 3     mapcount 3             "buffer"  pid 1 0x7000 r--,',
      "                                                       pid 2 0x7000 r--,",
      "                                                       pid 3 0x7000 r--",
      "pfn 2  refcount 1025  mapcount 1  exclusive  zeros     pid 1 0x8000 rw-,",
      "                                                       nic (pin)",
      "pfn 3  refcount 1     mapcount 1  exclusive  zeros     pid 3 0x8000 rw-",
    );
  });

  test("the page beside a pinned one is shared", () => {
    const m = pinned(yours);
    m.mmap(1, B);
    m.store(1, B, "beside");
    m.fork(1);
    shows(
      m,
      "the process has pinned one page, and may have a million others: a page can be exclusive and not pinned",
      'pfn 1  refcount 1025  mapcount 1  exclusive  "buffer"  pid 1 0x7000 rw-,',
      "                                                       nic (pin)",
      'pfn 2  refcount 2     mapcount 2             "beside"  pid 1 0x8000 r--,',
      "                                                       pid 2 0x8000 r--",
      'pfn 3  refcount 1     mapcount 1  exclusive  "buffer"  pid 2 0x7000 rw-',
    );
  });

  test("a page in a pipe is shared", () => {
    const m = pinned(yours);
    m.mmap(1, B);
    m.store(1, B, "beside");
    m.vmsplice(1, B);
    m.fork(1);
    shows(
      m,
      "a pipe takes a plain reference, and those are promised nothing: the page was copied for nobody's sake",
      'pfn 1  refcount 1025  mapcount 1  exclusive  "buffer"  pid 1 0x7000 rw-,',
      "                                                       nic (pin)",
      'pfn 2  refcount 3     mapcount 2             "beside"  pid 1 0x8000 r--,',
      "                                                       pid 2 0x8000 r--, pipe",
      'pfn 3  refcount 1     mapcount 1  exclusive  "buffer"  pid 2 0x7000 rw-',
    );
  });

  test("a page that is pinned and in a pipe is copied", () => {
    const m = pinned(yours);
    m.vmsplice(1, A);
    m.fork(1);
    shows(
      m,
      "the pin is there, with the pipe's reference on top of it, and fork shared the page: is there one right sum?",
      'pfn 1  refcount 1026  mapcount 1  exclusive  "buffer"  pid 1 rw-, nic (pin),',
      "                                                       pipe",
      'pfn 2  refcount 1     mapcount 1  exclusive  "buffer"  pid 2 rw-',
    );
  });

  test("a page with three pins is copied", () => {
    const m = pinned(yours, 3);
    m.fork(1);
    shows(
      m,
      "three devices have pinned this page, and fork shared it: more weight than one pin's is no reason to look away",
      'pfn 1  refcount 3073  mapcount 1  exclusive  "buffer"  pid 1 rw-, nic (pin),',
      "                                                       nic 2 (pin), nic 3 (pin)",
      'pfn 2  refcount 1     mapcount 1  exclusive  "buffer"  pid 2 rw-',
    );
  });

  test("a page with a pin and a thousand plain references is copied", () => {
    const hint =
      "1 mapping, 1 pin and 1023 plain references make 2048: the pin is in there, but not as a bit that stands out";
    says({ refcount: 1 + PIN + 1023 }, true, true, hint);
  });

  test("a thousand plain references are no pin where nothing was ever pinned", () => {
    const hint =
      "so many pipes look like a pin, but this process has never pinned anything, and its kernel knows";
    says({ refcount: 1 + 2000 }, false, false, hint);
    const heavier = "a hundred pins, it seems: what a process has never done, no count can prove";
    says({ refcount: 1 + 102_400 }, false, false, heavier);
  });

  test("a thousand plain references to a page that is shared already are no pin", () => {
    const hint =
      "two processes map this page, and only an exclusive page is ever pinned: these are plain references";
    says({ refcount: 2 + 2000, mapcount: 2, anonExclusive: false }, true, false, hint);
  });

  test("a thousand plain references to a page that was shared once are no pin", () => {
    const hint =
      "one process is left that maps this page, but it lost the mark in a fork: a pin would have had to give it back";
    says({ refcount: 1 + 2000, anonExclusive: false }, true, false, hint);
  });

  test("a thousand plain references to an exclusive page may be a pin", () => {
    const hint =
      "nobody can tell these references from a pin, so the page is copied: for nothing is better than too late";
    says({ refcount: 1 + 1500 }, true, true, hint);
  });

  test("an exclusive page with 1024 references may be pinned", () => {
    const hint =
      "one mapping and 1023 plain references; at least what a pin adds is enough for the kernel, which asks for >=";
    says({ refcount: 1024 }, true, true, hint);
    says({ refcount: 1023 }, true, false, "1023 references cannot have a pin among them");
  });

  test("a pinned page that may only be read is copied", () => {
    const m = pinned(yours);
    m.mprotect(1, A, 1, PROT_READ);
    m.fork(1);
    shows(
      m,
      "the entry is read-only for now, and the pin is for writing all the same: mprotect takes nothing from a device",
      'pfn 1  refcount 1025  mapcount 1  exclusive  "buffer"  pid 1 r--, nic (pin)',
      'pfn 2  refcount 1     mapcount 1  exclusive  "buffer"  pid 2 r--',
    );
  });

  test("a pinned page that is still in the swap cache is copied", () => {
    const m = stored(yours);
    m.vmsplice(1, A);
    m.madvise(1, A, 1, MADV_PAGEOUT);
    m.string(1, A);
    m.pin_user_pages(1, A, 1, 0, "nic");
    m.fork(1);
    shows(
      m,
      "the page was out, came back by the swap cache, and was pinned then: what it was before says nothing about a pin",
      'pfn 1  refcount 1027  mapcount 1  exclusive  "buffer"  pid 1 r--, pipe,',
      "                                                       nic (pin), swap cache",
      'pfn 2  refcount 1     mapcount 1  exclusive  "buffer"  pid 2 rw-',
    );
  });

  test("a page that was pinned to be read is copied", () => {
    const m = stored(yours);
    m.pin_user_pages(1, A, 1, 0, "nic");
    m.fork(1);
    shows(
      m,
      "nic only reads, and if pid 1 is given a copy by its next store, nic will never see what was stored",
      'pfn 1  refcount 1025  mapcount 1  exclusive  "buffer"  pid 1 rw-, nic (pin)',
      'pfn 2  refcount 1     mapcount 1  exclusive  "buffer"  pid 2 rw-',
    );
  });

  test("the second child gets a copy as well", () => {
    const m = pinned(yours);
    m.fork(1);
    m.fork(1);
    shows(
      m,
      "nic still has its pin when pid 1 forks again: one copy for the first child is not enough",
      'pfn 1  refcount 1025  mapcount 1  exclusive  "buffer"  pid 1 rw-, nic (pin)',
      'pfn 2  refcount 1     mapcount 1  exclusive  "buffer"  pid 2 rw-',
      'pfn 3  refcount 1     mapcount 1  exclusive  "buffer"  pid 3 rw-',
    );
  });

  test("the tenth child gets a copy as well", () => {
    const m = pinned(yours);
    while (m.state.nextPid <= 10) m.exit(m.fork(1));
    m.fork(1);
    shows(
      m,
      "nine children came and went, and nic has had its pin all the time: however often a process forks",
      'pfn 1   refcount 1025  mapcount 1  exclusive  "buffer"  pid 1 rw-, nic (pin)',
      'pfn 11  refcount 1     mapcount 1  exclusive  "buffer"  pid 11 rw-',
    );
  });

  test("a page that is no longer pinned is shared", () => {
    const m = pinned(yours);
    m.fork(1);
    m.put_user_pages("nic");
    m.fork(1);
    shows(
      m,
      "nic has given its pin back before the second fork, and pfn 1 was copied all the same: who was to be protected?",
      'pfn 1  refcount 2  mapcount 2             "buffer"  pid 1 r--, pid 3 r--',
      'pfn 2  refcount 1  mapcount 1  exclusive  "buffer"  pid 2 rw-',
    );
  });

  test("every scene of the course", () => {
    const hint = (name: string) =>
      `the scene ${name} ended otherwise on Linux 5.19: what did fork share, or copy?`;
    sameScenes(yours, anonExclusive, hint);
  });

  test("two pages and three processes, in every order of four steps", () => {
    for (const order of everyOrder(Object.keys(STEPS), 4, does)) {
      const m = parted(yours, anonExclusive, "forkMustCopy", (era) => played(era, order));
      const hint = "fork decided otherwise than Linux 5.19: which frame is it, and is it pinned?";
      if (m) sameFrames(m, framesText(played(anonExclusive, order).state), hint);
    }
  });

  /** A pinned frame, one with a few pipes, and one that a fork has shared. */
  const three = (look: Partial<Frame>, space: Partial<Mm>) => [
    asks({ ...look, anonExclusive: true, refcount: 1 + PIN }, { ...space, hasPinned: true }, true),
    asks({ ...look, anonExclusive: true, refcount: 3 }, { ...space, hasPinned: true }, false),
    asks({ ...look, refcount: 2 + PIN, mapcount: 2, anonExclusive: false }, space, false),
  ];

  test("what else is known of a frame is not asked", () => {
    const looks = (look: Partial<Frame>, hint: string) => answers(seed, three(look, {}), hint);
    looks({ swap: 7 }, "the swap cache has one of the references, and a pin is a thousand more");
    looks({ dirty: true }, "a frame is dirty when it was written to, by a device or by anybody");
    looks({ lazyfree: true }, "MADV_FREE has given the contents up, and no device its pin");
    looks({ kind: "ksm" }, "its kind is asked about before: the mark and the sum count");
    looks({ pfn: 2 ** 38 }, "the frame lies high in memory, and is pinned as any other");
    const holding = CONTENTS.flatMap((bytes) => three({ bytes }, {}));
    answers(seed, holding, "no byte of a page, and no number of them, says if it is pinned");
    const hint = "the mark says who maps the frame: no count of mappings is asked beside it";
    says({ mapcount: 20, refcount: 20 + PIN }, true, true, hint);
  });

  test("of the address space, only what it has pinned is asked", () => {
    const spaces = (space: Partial<Mm>, hint: string) => answers(seed, three({}, space), hint);
    const [vma] = small.vmas, [pte] = small.ptes.values();
    const many = Array.from({ length: 500 }, (_, i) => i), vmas = many.map(() => vma!);
    spaces({ vmas }, "a process with 500 mappings has pins in the first as in the last");
    spaces({ ptes: new Map(many.map((i) => [i, pte!])) }, "of 500 pages any may be pinned");
    const wide = { ...vma!, end: vma!.end + 499 * PAGE_SIZE };
    spaces({ vmas: [wide] }, "a mapping of 500 pages may have one that is pinned");
    spaces({ vmas: [] }, "how many mappings there are is nothing to this frame");
    spaces({ brk: 3 }, "where the heap ends is nothing to this frame");
    const swapPtes = new Map([[99, { slot: 5, exclusive: true }]]);
    spaces(
      { swapPtes },
      "another page is swapped out: a pinned one never is, and this one is here",
    );
    spaces({ id: 12 }, "whichever process forks: a child may have pinned pages of its own");
    spaces({ pinnedVm: 3 }, "what a process is charged for is its limit's business, not fork's");
    spaces({ writeProtectSeq: 9 }, "the sequence is for pins that come while fork copies");
  });

  const next = dice(seed);
  const cases = CASES.map((row) =>
    [...everyChoice(row)].flatMap((choice) =>
      [1, 2].map(() => {
        const { mapcount, plain, pins, anonExclusive, hasPinned, copied } = choice;
        const refcount = mapcount + plain + pins * PIN, look = anyLook(next);
        const page = { ...look, refcount, mapcount, anonExclusive };
        return asks(page, { ...anySpace(next, look.pfn), hasPinned }, copied);
      })
    )
  );

  test("any number of pins and plain references", () => {
    const hint = "how small is a sum that has a pin in it? All of its bits count";
    answers(seed, cases.slice(0, 4).flat(), hint);
  });

  test("any counts, any address space, in any order", () => {
    const hint = "what rules a pin out, whatever the sum? And ask the frame, not your memory";
    answers(seed, cases.flat(), hint);
  });

  return test;
};

/** Process 1 has stored "buffer". */
function stored(era: Era): Lab {
  const m = new Lab(era, { invariants: false });
  m.mmap(1, A);
  m.store(1, A, "buffer");
  return m;
}

/** Devices have pinned its page for writing. */
function pinned(era: Era, devices = 1): Lab {
  const m = stored(era);
  for (let i = 1; i <= devices; i++) {
    m.pin_user_pages(1, A, 1, FOLL_WRITE, i === 1 ? "nic" : `nic ${i}`);
  }
  return m;
}

/** How many plain references there may be: a few, or so many that they weigh as much as a pin. */
const FEW = [0, 1, 2, 7, 40, 700, 1022];
const MANY = [1023, ...Array.from({ length: 40 }, (_, i) => 1024 + 199 * i), 65_535, 1_000_000];
const PINS = [1, 2, 3, 4, 8, 63, 64, 1000, 1024, 1 << 20];
const OWN = { anonExclusive: [true], mapcount: [1], pins: [0], hasPinned: [true] };
const ANY = { ...OWN, plain: [...FEW, ...MANY] };

/** Who refers to a frame, and what becomes of it in a fork; a row stands for every choice of its numbers. */
const CASES = [
  // Its process, which has pinned another page, and a few pipes.
  { ...OWN, plain: FEW, copied: [false] },
  // So many pipes that one may be a pin.
  { ...OWN, plain: MANY, copied: [true] },
  // Devices, and pipes; whatever is said of who maps the frame.
  { ...ANY, pins: PINS, copied: [true] },
  { ...OWN, plain: [0, 3], pins: [1, 64], mapcount: [2, 9, 50, 1 << 20], copied: [true] },
  // A process that has never pinned anything, and pipes.
  { ...ANY, hasPinned: [false], copied: [false] },
  // Whoever a fork has left with it, and pipes.
  { ...ANY, anonExclusive: [false], mapcount: [1, 2, 3, 20], copied: [false] },
  { ...ANY, anonExclusive: [false], mapcount: [1, 2, 3], hasPinned: [false], copied: [false] },
];

/** What happens to two pages of a family. */
const STEPS: Record<string, (m: Lab) => void> = {
  "1 forks": (m) => m.fork(1),
  "2 forks": (m) => m.fork(2),
  "1 pins a": (m) => m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic"),
  "1 pins b to read": (m) => m.pin_user_pages(1, B, 1, 0, "disk"),
  "2 pins a": (m) => m.pin_user_pages(2, A, 1, FOLL_WRITE, "nic of 2"),
  "1 splices a": (m) => m.vmsplice(1, A),
  "2 stores a": (m) => m.store(2, A, "by 2"),
  "1 stores b": (m) => m.store(1, B, "by 1"),
  "nic lets go": (m) => m.put_user_pages("nic"),
};

/** Does a step do something? Process 2 must be there, no fourth is born on the way, and nic lets go of what it has. */
function does(step: string, before: readonly string[]): boolean {
  const forks = before.filter((one) => one.endsWith("forks")).length;
  if (step === "nic lets go") return before.lastIndexOf("1 pins a") > before.lastIndexOf(step);
  if (step.startsWith("2") && forks === 0) return false;
  return !step.endsWith("forks") || forks < 2;
}

/** The machine after some steps, and a last fork. */
function played(era: Era, order: readonly string[]): Lab {
  const m = stored(era);
  m.mmap(1, B);
  m.store(1, B, "buffer");
  for (const step of order) STEPS[step]!(m);
  m.fork(1);
  return m;
}
