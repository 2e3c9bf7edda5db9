import { anonExclusive, type Era, type Frame, Lab, MADV_PAGEOUT } from "sim";
import { dice, everyOrder, holds, sameScenes, someOrders, suite } from "../expect.ts";
import { A, B, Family } from "../family.ts";
import {
  answer,
  answers,
  anyLook,
  CONTENTS,
  COUNTS,
  frameText,
  type Question,
} from "../questions.ts";

type Kata = typeof import("./solution.ts");

/** What is known of a page goes out with it, and comes back. */
export default (kata: Kata, seed = 1) => {
  const test = suite("exclusive across swap");

  /** A kernel with the reader's three answers; `through` reads every slot through the swap cache, as late ones do. */
  function kernel(through = false): Era {
    return {
      ...anonExclusive,
      name: "your answers",
      swapInBypassesCache: !through,
      swapOutIsExclusive: kata.swapOutIsExclusive,
      forkKeepsSwapExclusive: kata.forkKeepsSwapExclusive,
      swapInCanReuse: kata.swapInCanReuse,
    };
  }

  /** Process 1 has stored "old" in two pages. */
  function stored(through = false): Lab {
    const m = new Lab(kernel(through), { invariants: false });
    m.mmap(1, A, 2);
    for (const page of [A, B]) m.store(1, page, "old");
    return m;
  }

  /** Process 1 puts a page out. */
  const pageout = (m: Lab) => m.madvise(1, A, 1, MADV_PAGEOUT);

  /** What is read must be `wanted`. */
  function reads(m: Lab, read: string | undefined, wanted: string, hint: string): void {
    holds(m, read === wanted, `it reads "${read}", not "${wanted}": ${hint}`);
  }

  test("a pipe that took a page which was swapped in by a read sees its owner's write", () => {
    const m = stored();
    pageout(m);
    m.string(1, A);
    m.vmsplice(1, A);
    m.store(1, A, "new");
    const hint =
      "the page came back with a read, and nobody has ever shared it: then it is exclusive again";
    reads(m, m.pipeRead(), "new", hint);
  });

  test("the same on a kernel that reads every page through the swap cache", () => {
    const m = stored(true);
    pageout(m);
    m.string(1, A);
    m.vmsplice(1, A);
    m.store(1, A, "new");
    const hint =
      "what comes back through the swap cache has a second reference; what did the entry say?";
    reads(m, m.pipeRead(), "new", hint);
  });

  test("a pipe that was emptied while its page was out has left no trace", () => {
    const m = stored();
    m.vmsplice(1, A);
    pageout(m);
    m.pipeRead();
    m.string(1, A);
    m.vmsplice(1, A);
    m.store(1, A, "new");
    const hint =
      "the pipe's reference was the process's own when the page went, and none of fork's doing";
    reads(m, m.pipeRead(), "new", hint);
  });

  test("a pipe that holds a page while it is out sees its owner's write", () => {
    const m = stored();
    m.vmsplice(1, A);
    pageout(m);
    m.string(1, A);
    m.store(1, A, "new");
    const hint =
      "the entry said that the page is exclusive, and the pipe's reference changes nothing about it";
    reads(m, m.pipeRead(), "new", hint);
  });

  test("a page that many pipes hold while it is out is its owner's all the same", () => {
    const m = stored();
    for (let i = 0; i < 20; i++) m.vmsplice(1, A, i ? `pipe ${i}` : "pipe");
    pageout(m);
    m.string(1, A);
    m.store(1, A, "new");
    const hint =
      "twenty pipes hold the page, all filled by its own process: no number of references makes it another's";
    reads(m, m.pipeRead(), "new", hint);
  });

  test("a page that was out when its process forked twice is nobody's own", () => {
    const m = stored();
    pageout(m);
    m.fork(1);
    m.fork(1);
    m.string(3, A);
    m.store(1, A, "new");
    const hint = "three processes have the page since the forks: what does a duplicated entry say?";
    reads(m, m.string(3, A), "old", hint);
  });

  test("a child that reads first keeps what it has read", () => {
    const m = stored();
    pageout(m);
    m.fork(1);
    m.string(2, A);
    m.store(1, A, "new");
    const hint =
      "the child had mapped the page, and its entry was gone: whoever maps a page has it, too";
    reads(m, m.string(2, A), "old", hint);
  });

  test("a pipe that a child filled does not show what its parent writes", () => {
    const m = stored();
    pageout(m);
    m.fork(1);
    m.vmsplice(2, A);
    m.munmap(2, A);
    m.store(1, A, "new");
    const hint =
      "the leak of 2020 is back: the child neither maps the page nor has an entry, but its pipe is there";
    reads(m, m.pipeRead(), "old", hint);
  });

  test("a page that a child has put into a pipe goes out as what it is", () => {
    const m = stored();
    m.fork(1);
    m.vmsplice(2, A);
    m.munmap(2, A);
    pageout(m);
    m.store(1, A, "new");
    const hint =
      "the child's pipe shows the parent's write: one process mapped the page when it went, but a fork had shared it";
    reads(m, m.pipeRead(), "old", hint);
  });

  test("a child does not read what its parent was the first to write", () => {
    const m = stored();
    pageout(m);
    m.fork(1);
    m.store(1, A, "new");
    const hint =
      "nobody but the swap cache referred to the page, and the child has an entry that leads there";
    reads(m, m.string(2, A), "old", hint);
  });

  test("a page whose last entry is read past the swap cache is exclusive", () => {
    const m = stored();
    pageout(m);
    m.fork(1);
    m.exit(2);
    m.string(1, A);
    m.vmsplice(1, A);
    m.store(1, A, "new");
    const hint =
      "the frame is fresh: it was read for the one entry that was left, and nobody else has seen it";
    reads(m, m.pipeRead(), "new", hint);
  });

  test("every scene of the course", () => {
    const hint = (name: string) =>
      `the scene ${name} ended otherwise on Linux 5.19: what was known of the page?`;
    sameScenes(kernel(), anonExclusive, hint);
  });

  for (const through of [false, true]) {
    const names = Object.keys(STEPS),
      where = through ? "through the swap cache" : "past the swap cache";
    test(`two pages and three processes, ${where}, in every short order and many long ones`, () => {
      for (const order of [...everyOrder(names, 2), ...someOrders(names, 500, 14, 2022)]) {
        const m = stored(through);
        m.madvise(1, A, 2, MADV_PAGEOUT);
        m.fork(1);
        const family = new Family(m, [1, 2]);
        for (const [i, step] of order.entries()) STEPS[step]!(family, `v${i}`);
        family.looksBack();
      }
    });
  }

  test("a page that goes out to any slot comes back as it was", () => {
    const like = stored().page(1);
    const questions = [1, 7, 4097, 1_000_001, 1 << 30].flatMap((slot) =>
      [true, false].map((exclusive): Question => {
        const out = Object.freeze({ ...like, refcount: 3, swap: slot, anonExclusive: exclusive });
        const back = Object.freeze({ ...out, refcount: 2, mapcount: 0, anonExclusive: false });
        return {
          asked: () => [`swapInCanReuse(), after swapOutIsExclusive() of ${frameText(out)}`],
          ask: () => {
            const entry = Object.freeze({ slot, exclusive: kata.swapOutIsExclusive(out) });
            return kata.swapInCanReuse(back, 1, entry, false);
          },
          wanted: exclusive,
        };
      })
    );
    const hint = "the swap area is large, and where a page lies in it says nothing of who has it";
    for (const question of questions) answer(question, hint);
  });

  test("any page, any entry, in any order", () => {
    answers(seed, [...everyQuestion(kata, seed)], "nothing else is known, and nothing else counts");
  });

  test("a page that goes out with anything in it comes back as it was", () => {
    const like = Object.freeze({ ...stored().page(1), refcount: 3, swap: 7 });
    const questions = CONTENTS.flatMap((bytes) =>
      [true, false].flatMap((anonExclusive): Question[] => {
        const out = Object.freeze({ ...like, bytes, anonExclusive });
        const back = Object.freeze({ ...out, mapcount: 0, anonExclusive: false });
        const entry = Object.freeze({ slot: 7, exclusive: anonExclusive });
        const by = `by an entry that says ${anonExclusive ? "exclusive" : "nothing"}`;
        return [{
          asked: () => [`swapOutIsExclusive() of ${frameText(out)}`],
          ask: () => kata.swapOutIsExclusive(out),
          wanted: anonExclusive,
        }, {
          asked: () => [`swapInCanReuse() of ${frameText(back)}, ${by}`],
          ask: () => kata.swapInCanReuse(back, 1, entry, true),
          wanted: anonExclusive,
        }];
      })
    );
    answers(seed, questions, "no byte of a page, and no number of them, says who has it");
  });

  return test;
};

/** Questions with one right answer, about pages in the swap cache that pipes hold; the first are of plain counts. */
function* everyQuestion(kata: Kata, seed: number): Generator<Question> {
  const next = dice(seed);
  const page = (mapcount: number, pipes: number, anonExclusive = false): Frame => {
    const look = anyLook(next), swap = look.swap || 1, refcount = mapcount + 1 + pipes;
    const kind = "anon"; // what KSM has merged is not asked about
    return Object.freeze({ ...look, kind, mapcount, refcount, swap, anonExclusive });
  };
  const asks = (name: keyof Kata, about: string, wanted: boolean, ask: () => boolean) => ({
    asked: () => [`${name}() of ${about}`],
    ask,
    wanted,
  });
  for (const slot of Array.from({ length: 500 }, (_, i) => 1 + i)) {
    const entry = Object.freeze({ slot, exclusive: true });
    yield asks(
      "forkKeepsSwapExclusive",
      `an entry for slot ${slot} that says exclusive`,
      false,
      () => kata.forkKeepsSwapExclusive(entry),
    );
  }
  for (const pipes of COUNTS) {
    for (const exclusive of [true, false]) {
      const out = page(1, pipes, exclusive);
      const entry = Object.freeze({ slot: out.swap, exclusive });
      const says = `an entry for slot ${out.swap} that says ${exclusive ? "exclusive" : "nothing"}`;
      yield asks(
        "swapOutIsExclusive",
        frameText(out),
        exclusive,
        () => kata.swapOutIsExclusive(out),
      );
      yield asks("forkKeepsSwapExclusive", says, false, () => kata.forkKeepsSwapExclusive(entry));
      for (const mapcount of exclusive ? [0] : [0, 1, 3, 20]) {
        for (const count of exclusive ? [1] : [1, 2, 4, 1 + (1 << 20)]) {
          // If the swap cache alone has the page, "no" is enough, and "yes" is right.
          if (!exclusive && mapcount + count + pipes === 1) continue;
          const back = page(mapcount, pipes);
          const found = Object.freeze({ slot: back.swap, exclusive });
          const about = `${frameText(back)}, by an entry that says ${
            exclusive ? "exclusive" : "nothing"
          }, swapCount ${count}`;
          for (const write of [true, false]) {
            yield asks(
              "swapInCanReuse",
              about,
              exclusive,
              () => kata.swapInCanReuse(back, count, found, write),
            );
          }
        }
      }
    }
  }
}

/** What happens to two pages of a family; what cannot happen is nothing. */
const STEPS: Record<string, (family: Family, text: string) => void> = {
  "1 stores a": (family, text) => family.store(1, "a", text),
  "1 stores b": (family, text) => family.store(1, "b", text),
  "2 stores a": (family, text) => family.store(2, "a", text),
  "3 stores a": (family, text) => family.store(3, "a", text),
  "1 loads a": (family) => family.load(1, "a"),
  "2 loads a": (family) => family.load(2, "a"),
  "3 loads b": (family) => family.load(3, "b"),
  "1 splices a": (family) => family.splice(1, "a"),
  "2 splices a": (family) => family.splice(2, "a"),
  "3 splices b": (family) => family.splice(3, "b"),
  "1 pages out": (family) => family.pageout(1),
  "2 pages out": (family) => family.pageout(2),
  "2 unmaps a": (family) => family.unmap(2, "a"),
  "3 unmaps b": (family) => family.unmap(3, "b"),
  "1 forks": (family) => family.fork(1),
  "2 forks": (family) => family.fork(2),
  "2 exits": (family) => family.exit(2),
};
