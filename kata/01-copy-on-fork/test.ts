import { FOLL_WRITE, type Frame, Lab, MADV_PAGEOUT, mapcount, type Mm, PAGE_SIZE } from "sim";
import type { Pid } from "sim";
import { dice, everyOrder, holds, sameFrames, suite } from "../expect.ts";
import { answers, anyLook, anySpace, CONTENTS, COUNTS, frameText } from "../questions.ts";
import { type Question, spaceText } from "../questions.ts";

const A = 0x7000, B = A + PAGE_SIZE, FAR = 0x20000;

/** Fork copies what somebody outside the page tables refers to, and nothing else. */
export default (kata: typeof import("./solution.ts"), seed = 1) => {
  const test = suite("fork copies what a device holds");

  /** Process 1 has stored "buffer"; so many devices have a reference to the page. */
  function registered(devices: number): Lab {
    const era = { ...mapcount, name: "your forkMustCopy", forkMustCopy: kata.forkMustCopy };
    const m = new Lab(era, { invariants: false });
    m.mmap(1, A);
    m.store(1, A, "buffer");
    for (let i = 0; i < devices; i++) m.get_user_pages(1, A, 1, FOLL_WRITE, `nic ${i + 1}`);
    return m;
  }

  test("a frame that only the process refers to is shared", () => {
    const m = registered(0);
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 2  "buffer"  pid 1 r--, pid 2 r--
      `,
      "no device refers to this frame, and fork copied it all the same: a fork of a large process would take seconds",
    );
  });

  test("a frame that a device refers to is copied for the child", () => {
    const m = registered(1);
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 1  "buffer"  pid 1 rw-, nic 1
      pfn 2  refcount 1  mapcount 1  "buffer"  pid 2 rw-
      `,
      "nic 1 refers to this frame, and fork shared it: the parent's next store will part them",
    );
  });

  test("a frame that earlier children share is shared with the next", () => {
    const m = registered(0);
    m.fork(1);
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 3  mapcount 3  "buffer"  pid 1 r--, pid 2 r--, pid 3 r--
      `,
      "the second reference was a child's, not a device's, and the frame was copied: what tells the two apart?",
    );
  });

  test("the second child gets a copy as well", () => {
    const m = registered(1);
    m.fork(1);
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 1  "buffer"  pid 1 rw-, nic 1
      pfn 2  refcount 1  mapcount 1  "buffer"  pid 2 rw-
      pfn 3  refcount 1  mapcount 1  "buffer"  pid 3 rw-
      `,
      "nic 1 still refers to the frame when the parent forks again: one copy for the first child is not enough",
    );
  });

  test("the tenth child gets a copy as well", () => {
    const m = registered(1);
    while (m.state.nextPid <= 10) m.exit(m.fork(1));
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1   refcount 2  mapcount 1  "buffer"  pid 1 rw-, nic 1
      pfn 11  refcount 1  mapcount 1  "buffer"  pid 11 rw-
      `,
      "ten children, nine of them gone, and nic 1 still refers to the frame: however often a process forks",
    );
  });

  test("several devices refer to a frame", () => {
    const m = registered(3);
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 4  mapcount 1  "buffer"  pid 1 rw-, nic 1, nic 2, nic 3
      pfn 2  refcount 1  mapcount 1  "buffer"  pid 2 rw-
      `,
      "three devices refer to this frame, and fork shared it: more than one reference is no reason to look away",
    );
  });

  test("a page of another mapping is shared", () => {
    const m = registered(1);
    m.mmap(1, FAR);
    m.store(1, FAR, "far");
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 1  "buffer"  pid 1 0x7000 rw-, nic 1
      pfn 2  refcount 2  mapcount 2  "far"     pid 1 0x20000 r--, pid 2 0x20000 r--
      pfn 3  refcount 1  mapcount 1  "buffer"  pid 2 0x7000 rw-
      `,
      "the device has one page of two: that one is copied, and the page in the other mapping is shared",
    );
  });

  test("the next page of the same mapping is shared", () => {
    const m = registered(1);
    m.mmap(1, B);
    m.store(1, B, "beside");
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 1  "buffer"  pid 1 0x7000 rw-, nic 1
      pfn 2  refcount 2  mapcount 2  "beside"  pid 1 0x8000 r--, pid 2 0x8000 r--
      pfn 3  refcount 1  mapcount 1  "buffer"  pid 2 0x7000 rw-
      `,
      "the device has one page of a mapping, which may be large: ask each frame, not what is around it",
    );
  });

  test("a frame that the device has let go of is shared again", () => {
    const m = registered(1);
    m.fork(1);
    m.exit(2);
    m.put_user_pages("nic 1");
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 2  "buffer"  pid 1 r--, pid 3 r--
      `,
      "nic 1 has given its reference back, so nobody is left to be parted from, and the frame was copied",
    );
  });

  test("a frame that a child shares already is copied for the next, once a device refers to it", () => {
    const m = registered(0);
    m.fork(1);
    m.get_user_pages(1, A, 1, 0, "disk");
    m.fork(1);
    m.exit(2);
    m.store(1, A, "answer");
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 1  "answer"  pid 1 rw-, disk
      pfn 2  refcount 1  mapcount 1  "buffer"  pid 3 rw-
      `,
      "disk took its reference while two processes shared the frame; pid 3 was given it, too, and parts pid 1 from disk long after pid 2 is gone",
    );
  });

  test("a frame that three processes share is copied for the next, once a device refers to it", () => {
    const m = registered(0);
    m.fork(1);
    m.fork(1);
    m.get_user_pages(1, A, 1, 0, "disk");
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 4  mapcount 3  "buffer"  pid 1 r--, pid 2 r--, pid 3 r--, disk
      pfn 2  refcount 1  mapcount 1  "buffer"  pid 4 rw-
      `,
      "four references, three mappings: one owner is no process, however many processes there are",
    );
  });

  test("a page that nobody has stored to is copied, too", () => {
    const m = registered(0);
    m.mmap(1, B);
    m.get_user_pages(1, B, 1, FOLL_WRITE, "nic 1");
    m.fork(1);
    m.deviceWrite("nic 1", "packet");
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 2  "buffer"  pid 1 0x7000 r--, pid 2 0x7000 r--
      pfn 2  refcount 2  mapcount 1  "packet"  pid 1 0x8000 rw-, nic 1
      pfn 3  refcount 1  mapcount 1  zeros     pid 2 0x8000 rw-
      `,
      "the memory is empty because nic 1 has not written to it yet: what is in a frame says nothing about its owners",
    );
  });

  test("a page in a pipe is copied", () => {
    const m = registered(0);
    m.vmsplice(1, A);
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 2  mapcount 1  "buffer"  pid 1 rw-, pipe
      pfn 2  refcount 1  mapcount 1  "buffer"  pid 2 rw-
      `,
      "the pipe refers to the frame from outside the page tables, as a device does",
    );
  });

  test("a page that the swap cache has is shared", () => {
    const m = registered(0);
    m.vmsplice(1, A);
    m.madvise(1, A, 1, MADV_PAGEOUT);
    m.string(1, A);
    m.pipeRead();
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 3  mapcount 2  "buffer"  pid 1 r--, pid 2 r--, swap cache
      `,
      "the page was swapped out and is back, and the swap cache has kept its reference: the frame was copied for nobody",
    );
  });

  test("a page that the swap cache has is copied if a device refers to it, too", () => {
    const m = registered(0);
    m.vmsplice(1, A);
    m.madvise(1, A, 1, MADV_PAGEOUT);
    m.string(1, A);
    m.fork(1);
    sameFrames(
      m,
      `
      pfn 1  refcount 3  mapcount 1  "buffer"  pid 1 r--, pipe, swap cache
      pfn 2  refcount 1  mapcount 1  "buffer"  pid 2 rw-
      `,
      "one of the two references is the swap cache's, and the other is the pipe's, which was to be protected",
    );
  });

  test("two pages, in every short order of forks, stores and references", () => {
    // Process 2 does nothing before it is there.
    const may = (step: Step, before: readonly Step[]) => step[0] !== "2" || before.includes("1f");
    for (const order of everyOrder(STEPS, 4, may)) {
      const m = registered(0);
      m.mmap(1, B);
      m.store(1, B, "buffer");
      for (const step of order) {
        if (step.endsWith("f")) fork(m, Number(step[0]));
        else play(m, step);
        keepTheirDevices(m);
      }
    }
  });

  const like = registered(0).page(1), small = Object.freeze({ ...registered(0).mm(1) });

  /** Asks about a frame by itself; so many have it beside those that map it. */
  function asks(look: Partial<Frame>, mapcount: number, others: number, mm: Mm = small): Question {
    const cached = look.swap ? 1 : 0, refcount = mapcount + others + cached;
    const page = Object.freeze({ ...like, ...look, mapcount, refcount });
    return {
      asked: () => [`forkMustCopy() of ${frameText(page)}`, `  ${spaceText(mm)}`],
      ask: () => kata.forkMustCopy(page, mm),
      wanted: others > 0,
    };
  }

  test("what else is known of a frame is not asked", () => {
    const any = (look: Partial<Frame>) => [0, 1, 2].map((others) => asks(look, 2, others));
    const looks = (look: Partial<Frame>, hint: string) => answers(seed, any(look), hint);
    looks({}, "two processes map this frame: is the third reference there, or not?");
    looks({ swap: 7 }, "the swap cache has one of the references, and devices have the others");
    looks({ dirty: true }, "somebody wrote to the frame, which does not say who refers to it");
    looks({ lazyfree: true }, "MADV_FREE has given the contents up, and no device its reference");
    looks(
      { kind: "ksm" },
      "KSM has merged equal pages into this frame, and devices hold it as ever",
    );
    looks(
      { anonExclusive: true },
      "this mark came in 2022; the counts say who refers to the frame",
    );
    looks({ pfn: 2 ** 38 }, "the frame lies high in memory, and whoever refers to it is counted");
    looks({ swap: 2 ** 38 }, "slot 2 ** 38 is a slot like slot 7: the cache has one reference");
    const holding = CONTENTS.flatMap((bytes) => any({ bytes }));
    answers(seed, holding, "no byte of a page, and no number of them, says who refers to it");
  });

  test("what is known of the address space is not asked", () => {
    const spaces = (space: Partial<Mm>, hint: string) => {
      const mm = Object.freeze({ ...small, ...space });
      answers(seed, [0, 1].map((others) => asks({}, 2, others, mm)), hint);
    };
    const pte = { pfn: 9, writable: false, dirty: true };
    spaces(
      { swapPtes: new Map([[99, { slot: 5, exclusive: true }]]) },
      "another page of the process is swapped out, which is nothing to this frame",
    );
    spaces(
      { cleared: new Map([[99, pte]]) },
      "reclaim has emptied an entry of another page, and that one's count stays as it was",
    );
    spaces({ hasPinned: true }, "has_pinned came in 2020: in this kernel nothing sets it for you");
    const many = Array.from({ length: 500 }, (_, i) => i), [vma] = small.vmas;
    spaces(
      { ptes: new Map(many.map((i) => [i, pte])) },
      "five hundred pages: a large process has devices as a small one has",
    );
    spaces({ vmas: many.map(() => vma!) }, "a device may have a page of any of 500 mappings");
    spaces({ vmas: [] }, "how many mappings a process has does not say who refers to a frame");
    spaces({ pinnedVm: 5 }, "the process has been charged for pages; is this frame one of them?");
  });

  const next = dice(seed);
  const any = (mapped: number, others: number) => {
    const look = anyLook(next);
    return asks(look, mapped, others, anySpace(next, look.pfn));
  };
  const mapped = [...COUNTS].filter((count) => count > 0);
  const shared = mapped.map((count) => any(count, 0));
  const held = mapped.flatMap((others) =>
    [1, 2, 3, 20, 1 << 12].map((count) => any(count, others))
  );

  test("any number of mappings", () => {
    answers(seed, shared, "only processes refer to this frame, however many: it is shared");
  });

  test("any number of references", () => {
    answers(seed, held, "somebody besides the processes refers to this frame: it is copied");
  });

  test("any counts, any frame, any address space, in any order", () => {
    const hint =
      "this frame was answered rightly before: ask the frame, not how often you were asked";
    answers(seed, [...shared, ...held], hint);
  });

  return test;
};

/**
 * `1f` process 1 forks, `1a` it stores to page a, `1d` a device takes a to write, `1r` one to read, `1e` b to write, `u`
 * all devices let go.
 */
const STEPS = ["1f", "2f", "1a", "2a", "1d", "1e", "1r", "2d", "u"] as const;
type Step = typeof STEPS[number];

/** Does a step that is no fork. A device is named for whom it works, `nic of pid 1`. */
function play(m: Lab, step: Step): void {
  const pid = Number(step[0]);
  if (step === "u") [...m.state.holds.keys()].forEach((holder) => m.put_user_pages(holder));
  else if (step.endsWith("a")) m.store(pid, A, `from ${pid}`);
  else if (step === "1r") m.get_user_pages(pid, A, 1, 0, "reader");
  else if (step === "1e") m.get_user_pages(pid, B, 1, FOLL_WRITE, "disk of pid 1");
  else m.get_user_pages(pid, A, 1, FOLL_WRITE, `nic of pid ${pid}`);
}

/** Forks, and looks at each page: copied and untouched if somebody else refers to it, otherwise shared. */
function fork(m: Lab, pid: Pid): void {
  const held = new Set([...m.state.holds.values()].flat().map(({ pfn }) => pfn));
  const before = [A, B].map((addr) => ({ addr, ...m.pte(m.mm(pid), addr)! }));
  const child = m.fork(pid);
  for (const { addr, pfn, writable } of before) {
    const parents = m.pte(m.mm(pid), addr)!, childs = m.pte(m.mm(child), addr)!;
    const where = `0x${addr.toString(16)}`;
    if (!held.has(pfn)) {
      holds(
        m,
        childs.pfn === pfn,
        `only processes refer to pfn ${pfn} at ${where}: fork copied it`,
      );
      continue;
    }
    holds(m, childs.pfn !== pfn, `a device refers to pfn ${pfn} at ${where}, and fork shared it`);
    holds(
      m,
      parents.pfn === pfn && parents.writable === writable,
      `fork changed the parent's entry for ${where}, though the child got a copy`,
    );
  }
}

/** A device that writes for a process holds what the process maps; one that reads may have been given a shared frame. */
function keepTheirDevices(m: Lab): void {
  for (const [holder, pages] of m.state.holds) {
    if (holder === "reader") continue;
    const mm = m.mm(Number(holder.slice(-1))), addr = holder.startsWith("disk") ? B : A;
    const pfn = m.pte(mm, addr)!.pfn;
    holds(m, pages.every((hold) => hold.pfn === pfn), `${holder} was parted from it by a fork`);
  }
}
