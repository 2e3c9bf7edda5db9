import { anonExclusive, type Era, FOLL_WRITE, Lab, largeFolio } from "sim";
import { MADV_MERGEABLE, MADV_PAGEOUT, PAGE_SIZE } from "sim";
import { dice, everyOrder, holds, sameScenes, someOrders, suite } from "../expect.ts";
import { A, B, Family } from "../family.ts";
import { asksTwo, asksWith } from "../merging.ts";
import { answer, answers, COUNTS, type Question } from "../questions.ts";

type Kata = typeof import("./solution.ts");

const C = B + PAGE_SIZE;

/** Pages become one, and nobody who has one of them finds out but by the clock. */
export default (kata: Kata, seed = 1) => {
  const test = suite("merge what may be merged");

  /** A kernel in which the reader's functions merge. */
  function kernel(real: Era, options: Partial<Era> = {}): Era {
    const { ksmMergeWith, ksmMergeTwo } = kata;
    return { ...real, ...options, name: "your KSM", ksmMergeWith, ksmMergeTwo };
  }

  /** Process 1 has stored "same" in so many pages, and KSM may look at them. */
  function stored(pages: number, options: Partial<Era> = {}): Lab {
    const m = new Lab(kernel(anonExclusive, options), { invariants: false });
    m.mmap(1, A, pages);
    for (let i = 0; i < pages; i++) m.store(1, A + i * PAGE_SIZE, "same");
    m.madvise(1, A, pages, MADV_MERGEABLE);
    return m;
  }

  test("what is stored to one of two merged pages is not read in the other", () => {
    for (const [stored_, other] of [[A, B], [B, A]] as const) {
      const m = stored(2);
      scans(m);
      m.store(1, stored_, "new");
      const hint = "they were merged while an entry could be written through: a store goes to both";
      reads(m, m.string(1, other), "same", hint);
    }
  });

  test("two pages that are alike have one frame", () => {
    const m = stored(2);
    scans(m);
    oneFrame(m, [A, B], "nobody but their process has them, and a frame could be saved");
  });

  test("pages of two processes that are alike have one frame", () => {
    const m = stored(1);
    m.fork(1);
    for (const pid of [1, 2]) m.store(pid, A, "same again");
    scans(m);
    const [one, other] = [1, 2].map((pid) => m.pte(m.mm(pid), A)!.pfn);
    const hint =
      "neither can find out who has the frame with it: what was private is private still";
    holds(m, one === other, `pid 1 and pid 2 have the same text in two frames: ${hint}`);
  });

  test("a third page gets the frame that two have", () => {
    const m = stored(2);
    scans(m);
    m.mmap(1, C);
    m.madvise(1, C, 1, MADV_MERGEABLE);
    m.store(1, C, "same");
    scans(m);
    oneFrame(m, [A, B, C], "a merged frame was there, and nobody but its process has the third");
  });

  test("a third page gets the frame also when somebody refers to that", () => {
    const m = stored(2);
    scans(m);
    m.vmsplice(1, A);
    m.mmap(1, C);
    m.madvise(1, C, 1, MADV_MERGEABLE);
    m.store(1, C, "same");
    scans(m);
    const hint =
      "a pipe has the merged frame, and will find in it what it was given, whoever joins";
    oneFrame(m, [A, B, C], hint);
  });

  test("a page that fork has shared is merged", () => {
    const m = stored(2);
    m.fork(1);
    scans(m);
    const hint = "two processes map each of the frames, and a mapping is no foreign reference";
    oneFrame(m, [A, B], hint);
  });

  test("the pages beside a pinned one are merged", () => {
    const m = stored(3);
    m.pin_user_pages(1, C, 1, FOLL_WRITE, "nic");
    scans(m);
    const hint = "a device has another page of the process: what it has of these is nothing";
    oneFrame(m, [A, B], hint);
  });

  test("a page in the swap cache is merged", () => {
    const m = stored(2, { swapInBypassesCache: false });
    m.madvise(1, A, 2, MADV_PAGEOUT);
    for (const page of [A, B]) m.string(1, page);
    scans(m);
    const hint = "the swap cache has a reference to each frame, and it is the kernel's own";
    oneFrame(m, [A, B], hint);
  });

  test("a page that is pinned stays its process's, though it was looked at first", () => {
    const m = stored(2);
    m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
    scans(m);
    m.store(1, A, "new");
    const hint =
      "the device has the frame that its process has left: is it only the later page that is asked?";
    reads(m, m.deviceRead("nic"), "new", hint);
  });

  test("a page that is pinned stays its process's, though it was looked at last", () => {
    const m = stored(2);
    m.pin_user_pages(1, B, 1, FOLL_WRITE, "nic");
    scans(m);
    m.store(1, B, "new");
    const hint =
      "the frame was merged under a device: the next store takes its process elsewhere, and the device stays";
    reads(m, m.deviceRead("nic"), "new", hint);
  });

  test("a page that is pinned stays its process's, though others are merged already", () => {
    const m = stored(2);
    scans(m);
    m.mmap(1, C);
    m.madvise(1, C, 1, MADV_MERGEABLE);
    m.store(1, C, "same");
    m.pin_user_pages(1, C, 1, FOLL_WRITE, "nic");
    scans(m);
    m.store(1, C, "new");
    const hint =
      "the device's page was given the merged frame: who joins is to be asked as who begins";
    reads(m, m.deviceRead("nic"), "new", hint);
  });

  test("a page in a pipe stays its process's", () => {
    const m = stored(2);
    m.vmsplice(1, A);
    scans(m);
    m.store(1, A, "new");
    const hint =
      "no fork was near, and the pipe has lost its page: a plain reference is not as heavy as a pin";
    reads(m, m.pipeRead(), "new", hint);
  });

  test("a page that is left alone keeps its mark", () => {
    const m = stored(2);
    m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
    m.pin_user_pages(1, B, 1, FOLL_WRITE, "disk");
    scans(m);
    m.fork(1);
    m.store(1, A, "new");
    m.store(1, B, "new");
    const hint =
      "fork copies only what is marked and pinned: the page was not merged, and something was taken from it";
    reads(m, m.deviceRead("nic"), "new", hint);
    reads(m, m.deviceRead("disk"), "new", hint);
  });

  test("a page in a pipe stays its process's, though its entry is read-only and clean", () => {
    const m = stored(2);
    m.madvise(1, A, 1, MADV_PAGEOUT);
    m.string(1, A);
    m.vmsplice(1, A);
    scans(m);
    m.store(1, A, "new");
    const hint =
      "nothing was written since the page came back from swap, and yet it is marked: its next store stays where the pipe is";
    reads(m, m.pipeRead(), "new", hint);
  });

  test("a page whose twin is pinned is as before", () => {
    const m = stored(2);
    m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
    scans(m);
    m.vmsplice(1, B);
    m.store(1, B, "new");
    const hint =
      "half of a merge was done: a merged frame is copied at every store, and here nobody shares it";
    reads(m, m.pipeRead(), "new", hint);
  });

  test("a page that was pinned is merged when its device has let go", () => {
    const m = stored(2);
    m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
    scans(m);
    m.put_user_pages("nic");
    scans(m);
    oneFrame(m, [A, B], "the pin is gone, and what was so at the last scan is so no more");
  });

  test("who pins a merged page takes it out first", () => {
    for (const page of [A, B]) {
      const m = stored(2);
      scans(m);
      m.pin_user_pages(1, page, 1, 0, "disk");
      m.store(1, page, "new");
      const hint =
        "the pin went to the merged frame, which its process left with the next store: what does a pin go by?";
      reads(m, m.deviceRead("disk"), "new", hint);
    }
  });

  test("the last who has a merged frame does not write in it", () => {
    for (const last of [A, B]) {
      const m = stored(3);
      m.store(1, C, "other");
      scans(m);
      m.store(1, last === A ? B : A, "gone");
      m.store(1, last, "other");
      scans(m);
      m.store(1, last, "new");
      const hint =
        "the frame could be written in place as soon as it had one page, and KSM still gave it to others";
      reads(m, m.string(1, C), "other", hint);
    }
  });

  for (const real of [anonExclusive, largeFolio]) {
    test(`every scene of the course, as ${real.name} merges`, () => {
      const hint = (name: string) =>
        `the scene ${name} ends otherwise on Linux ${real.releases}: what was merged, and who had it?`;
      sameScenes(kernel(real), real, hint);
    });
  }

  for (const real of [anonExclusive, largeFolio]) {
    const names = Object.keys(STEPS);
    test(`two pages and three processes, ${real.name}, in every short order and many long ones`, () => {
      for (const order of [...everyOrder(names, 2), ...someOrders(names, 400, 16, 2022)]) {
        const m = new Lab(kernel(real, { swapInBypassesCache: false }), { invariants: false });
        m.mmap(1, A, 2);
        m.madvise(1, A, 2, MADV_MERGEABLE);
        for (const page of [A, B]) m.store(1, page, "old");
        const family = new Family(m, [1]);
        for (const [i, step] of order.entries()) STEPS[step]!(family, `v${i}`);
        family.looksBack();
      }
    });
  }

  test("a page that fifty processes share is merged", () => {
    const hint = "fifty mappings, and nobody else: the more there are, the more is saved";
    const plainest = (below: number) => Math.min(1, below - 1); // nothing else is special about it
    for (const which of [0, 1]) answer(asksTwo(kata, plainest, { which, mapcount: 50 }), hint);
  });

  test("any page, any counts, in any order", () => {
    answers(seed, [...everyQuestion(kata, seed)], "nothing else is known, and nothing else counts");
  });

  return test;
};

/** KSM scans until pages that keep still are merged. */
function scans(m: Lab): void {
  for (let scan = 1; scan <= 2; scan++) m.ksmScan();
}

/** What is read must be `wanted`. */
function reads(m: Lab, read: string | undefined, wanted: string, hint: string): void {
  holds(m, read === wanted, `it reads "${read}", not "${wanted}": ${hint}`);
}

/** Process 1 has one frame behind all of these. */
function oneFrame(m: Lab, pages: readonly number[], hint: string): void {
  const frames = new Set(pages.map((page) => m.pte(m.mm(1), page)!.pfn));
  holds(m, frames.size === 1, `${pages.length} pages of pid 1 have ${frames.size} frames: ${hint}`);
}

/** What happens to two pages of a family; what cannot happen is nothing. */
const STEPS: Record<string, (family: Family, text: string) => void> = {
  "KSM scans": (family) => family.scan(),
  "KSM scans once more": (family) => family.scan(),
  "1 stores a": (family, text) => family.store(1, "a", text),
  "1 stores b": (family, text) => family.store(1, "b", text),
  "2 stores a": (family, text) => family.store(2, "a", text),
  "1 stores the old in a": (family) => family.store(1, "a", "old"),
  "1 stores the old in b": (family) => family.store(1, "b", "old"),
  "2 stores the old in a": (family) => family.store(2, "a", "old"),
  "1 loads a": (family) => family.load(1, "a"),
  "2 loads a": (family) => family.load(2, "a"),
  "1 splices a": (family) => family.splice(1, "a"),
  "2 splices b": (family) => family.splice(2, "b"),
  "1 pins a, to write": (family) => family.pin(1, "a", FOLL_WRITE),
  "1 pins b, to read": (family) => family.pin(1, "b", 0),
  "2 pins a, to read": (family) => family.pin(2, "a", 0),
  "3 pins b, to write": (family) => family.pin(3, "b", FOLL_WRITE),
  "1 pages out": (family) => family.pageout(1),
  "2 pages out": (family) => family.pageout(2),
  "2 unmaps a": (family) => family.unmap(2, "a"),
  "1 forks": (family) => family.fork(1),
  "2 forks": (family) => family.fork(2),
  "2 exits": (family) => family.exit(2),
};

/** Questions with one right answer; the first are of small counts. */
function* everyQuestion(kata: Kata, seed: number): Generator<Question> {
  const next = dice(seed);
  for (const count of COUNTS.filter((count) => count > 0)) {
    for (const which of [0, 1]) {
      for (const about of [{ which, mapcount: count }, { which, foreign: count }]) {
        yield asksTwo(kata, next, about);
        yield asksWith(kata, next, about);
      }
    }
  }
}
