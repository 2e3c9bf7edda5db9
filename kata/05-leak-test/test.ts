import { anonExclusive, type Era, type Frame, Lab, largeFolio, MADV_PAGEOUT } from "sim";
import { mapcount, type Mm, PAGE_SIZE, pageCount, readGupBreaksCow, refcountOld } from "sim";
import { releaseNamed, roLongterm } from "sim";
import { everyChoice, holds, suite } from "../expect.ts";
import { shuffled } from "../questions.ts";

type Kata = typeof import("./solution.ts");
type Kernel = ReturnType<Parameters<Kata["leaks"]>[0]>;

/** A test is tested by kernels: those that leak, and those that do not. */
export default (kata: Kata, seed = 1) => {
  const test = suite("a test that catches the leak");

  /**
   * Asks the reader's test about a kernel. From in there, one that leaks is asked about as is one that does not; a
   * failure shows a program that leaks, or what the reader's test did last.
   */
  function judges(make: () => Era, leak: boolean, hint: string): void {
    const labs: Lab[] = [], answer = kata.leaks(booted(make, labs));
    const proof = PROGRAMS.map((program) => ran(make, program)).find(({ leaked }) => leaked)?.m;
    if (leak !== Boolean(proof)) throw new Error("the suite is wrong about this kernel");
    const said = `leaks() answers ${answer}`;
    if (proof) {
      const secret = `${said}, and after this program the secret is in the pipe`;
      holds(proof, answer === true, `${secret}: ${hint}`);
    } else {
      const last = labs.at(-1) ?? new Lab(make());
      holds(last, answer === false, `${said}, and no secret has leaked: ${hint}`);
    }
  }

  test("a kernel that copies nothing is caught", () => {
    judges(
      () => ({ ...mapcount, wpCanReuse: () => true }),
      true,
      "who shares a page with the parent sees all that it writes; what was in the pipe when you looked?",
    );
  });

  test("the kernels up to 5.7 are caught", () => {
    judges(
      () => mapcount,
      true,
      "this is CVE-2020-29374. These kernels ask how many page tables map the page, and a child can let go of it",
    );
  });

  test("the kernels from 5.19 are acquitted", () => {
    judges(
      () => anonExclusive,
      false,
      "a pipe is no snapshot: it may show what the process that filled it writes later, as long as it is that one's",
    );
  });

  test("the kernel 5.8 is acquitted", () => {
    judges(
      () => readGupBreaksCow,
      false,
      "a reference from before the fork is another story: here a relative takes one to a page that it shares",
    );
  });

  test("the kernels 5.9 to 5.17 are caught", () => {
    judges(
      () => pageCount,
      true,
      "the write fault was repaired in 5.9, and the swap-in was not; MADV_PAGEOUT leaves a page alone that two map",
    );
  });

  test("a kernel whose fork keeps swap entries exclusive is caught", () => {
    judges(
      () => ({ ...anonExclusive, forkKeepsSwapExclusive: (entry) => entry.exclusive }),
      true,
      "the page was out when the parent forked, and each side took it for its own when it came back",
    );
  });

  test("a kernel that goes by the mapcount when a page is swapped out is caught", () => {
    judges(
      () => ({ ...anonExclusive, swapOutIsExclusive: (page) => page.mapcount === 1 }),
      true,
      "the page was shared, and went out when the parent alone was left that mapped it",
    );
  });

  test("a kernel that is careful with the first page only is caught", () => {
    judges(
      carelessBehindTheFirst,
      true,
      "this kernel's fork is careful with the first page that it finds: is there one in memory before the page in the pipe?",
    );
  });

  test("a kernel whose fork clears the first swap entry only is caught", () => {
    judges(
      clearsTheFirst,
      true,
      "both pages of the mapping were out, and fork has cleared the bit in the entry of the first",
    );
  });

  test("a kernel that loses count when a page is shared twice is caught", () => {
    judges(
      () => losesCount(),
      true,
      "two forks have shared this page, and this kernel can only count to two",
    );
  });

  test("a kernel that loses count of swap entries is caught", () => {
    judges(
      losesSwapCount,
      true,
      "two forks have duplicated the page's swap entry, and this kernel can only count to two",
    );
  });

  test("a kernel that forgets what a child shares is caught", () => {
    judges(
      forgetsChildren,
      true,
      "the child has forked, and this kernel only knows of pages that the first process shared",
    );
  });

  test("a kernel that leaks in a family of three when all have let go is caught", () => {
    judges(
      () => losesCount(1),
      true,
      "process 1 alone maps the page: the grandchild has let go of it, and the child between them has, too",
    );
  });

  test("a kernel that leaks only what was out at its first fork is caught", () => {
    judges(
      leaksOnly({ page: 1, generations: 2, pageout: "before" }),
      true,
      "nothing had happened on this kernel before: did your test try this, and had its kernel just been booted?",
    );
  });

  test("a kernel that leaks only in a family of two is caught", () => {
    judges(
      leaksOnly({ page: 1, generations: 1, pageout: "never" }),
      true,
      "one fork has shared this page, and a second would have made this kernel careful: the bigger family is not the worse",
    );
  });

  test("a kernel that leaks only on the first page is caught", () => {
    judges(
      leaksOnly({ page: 0, generations: 2, pageout: "after" }),
      true,
      "the first page of the mapping is in the pipe, and this kernel is careful with the second: each has to be tried",
    );
  });

  test("kernels that do not leak are acquitted, whatever else is wrong with them", () => {
    const hint =
      "the question is whether anybody reads another's secret, not whether a reference keeps up with its owner";
    for (const make of HARMLESS) judges(make, false, hint);
  });

  test("kernels that leak are caught, whatever else is right with them", () => {
    const hint =
      "it leaks in one of the ways that you have seen; is there a combination that you leave out?";
    for (const make of LEAKING) judges(make, true, hint);
  });

  test("kernels in any order, and more than once", () => {
    const kernels = [
      ...HARMLESS.map((make) => ({ make, leak: false })),
      ...LEAKING.map((make) => ({ make, leak: true })),
    ];
    const hint =
      "you have judged this kernel otherwise before: each is started anew, and none is the next in a list";
    for (const { make, leak } of shuffled([...kernels, ...kernels, ...kernels], seed)) {
      judges(make, leak, hint);
    }
  });

  return test;
};

/** What the reader's test is given: calls of programs, and no look inside. */
function booted(make: () => Era, labs: Lab[]): () => Kernel {
  return () => {
    const m = new Lab({ ...make(), name: "the kernel" }, { invariants: false });
    labs.push(m);
    return Object.freeze<Kernel>({
      mmap: (pid, addr, pages) => void m.mmap(pid, addr, pages),
      munmap: (pid, addr, pages) => m.munmap(pid, addr, pages),
      store: (pid, addr, text) => m.store(pid, addr, text),
      string: (pid, addr) => m.string(pid, addr),
      fork: (pid) => m.fork(pid),
      exit: (pid) => m.exit(pid),
      madvise: (pid, addr, pages, advice) => m.madvise(pid, addr, pages, advice),
      vmsplice: (pid, addr, pipe) => m.vmsplice(pid, addr, pipe),
      pipeRead: (pipe) => m.pipeRead(pipe),
    });
  };
}

const A = 0x10000;

/** Programs that may show a leak, the simplest first. */
const PROGRAMS = [
  ...everyChoice(
    { page: [0, 1], pageout: ["never", "before", "after"], generations: [1, 2] } as const,
  ),
];
type Program = typeof PROGRAMS[number];

/** The youngest of a family puts a page into a pipe and lets go of it, and process 1 writes. */
function ran(
  make: () => Era,
  { page, pageout, generations }: Program,
): { m: Lab; leaked: boolean } {
  const m = new Lab({ ...make(), name: "the kernel" }, { invariants: false });
  const pages = page + 1, addr = A + page * PAGE_SIZE;
  m.mmap(1, A, pages);
  for (let i = 0; i < pages; i++) m.store(1, A + i * PAGE_SIZE, "old");
  if (pageout === "before") m.madvise(1, A, pages, MADV_PAGEOUT);
  for (let pid = 1; pid <= generations; pid++) m.fork(pid);
  m.vmsplice(generations + 1, addr);
  for (let pid = 2; pid <= generations + 1; pid++) m.munmap(pid, A, pages);
  if (pageout === "after") m.madvise(1, A, pages, MADV_PAGEOUT);
  m.store(1, addr, "secret");
  // The pipe shows what the writer writes if both have one frame.
  const [hold] = m.state.holds.get("pipe")!;
  return { m, leaked: hold!.pfn === m.pte(m.mm(1), addr)!.pfn };
}

/** Leaks if its program is run on a kernel that was just booted, and in no other case. */
function leaksOnly({ page: place, generations, pageout }: Program): () => Era {
  return () => {
    /** What fork has shared, by frame or by slot, in the order in which it came to it. */
    const shared = new Map<Frame | number, { place: number; forks: number }>();
    const share = (what: Frame | number) => {
      const { place, forks } = shared.get(what) ?? { place: shared.size, forks: 0 };
      shared.set(what, { place, forks: forks + 1 });
    };
    const careless = (when: Program["pageout"], what: Frame | number) => {
      const known = shared.get(what);
      return when === pageout && known?.place === place && known.forks === generations;
    };
    return {
      ...anonExclusive,
      forkMustCopy(page, mm) {
        share(page);
        return anonExclusive.forkMustCopy(page, mm);
      },
      forkKeepsSwapExclusive({ slot }) {
        share(slot);
        return false;
      },
      wpCanReuse: (page) =>
        careless("never", page) && !page.swap
          ? page.mapcount === 1
          : anonExclusive.wpCanReuse(page),
      swapOutIsExclusive: (page) =>
        careless("after", page) ? page.mapcount === 1 : page.anonExclusive,
      swapInCanReuse: (page, swapCount, entry, write) =>
        careless("before", entry.slot)
          ? page.mapcount + swapCount <= 1
          : anonExclusive.swapInCanReuse(page, swapCount, entry, write),
    };
  };
}

// Kernels with one answer broken. Each is made anew for every boot, since some remember.

/** Fork asks about the first page of a process as it should, and goes by the mapcount in all others. */
function carelessBehindTheFirst(): Era {
  const first = new WeakMap<Mm, Frame>(), careless = new WeakSet<Frame>();
  return {
    ...anonExclusive,
    forkMustCopy(page, mm) {
      if (!first.has(mm)) first.set(mm, page);
      if (first.get(mm) !== page) careless.add(page);
      return anonExclusive.forkMustCopy(page, mm);
    },
    wpCanReuse: (page) => careless.has(page) ? page.mapcount === 1 : anonExclusive.wpCanReuse(page),
  };
}

/** Fork clears the exclusive bit of the first page that it comes to, if that is swapped out, and of no other. */
function clearsTheFirst(): Era {
  let asked = 0;
  return {
    ...anonExclusive,
    forkMustCopy(page, mm) {
      asked++;
      return anonExclusive.forkMustCopy(page, mm);
    },
    forkKeepsSwapExclusive: (entry) => asked++ > 0 && entry.exclusive,
  };
}

/** A page that two forks have shared is kept as soon as it has so few mappings, as if one fork had shared it. */
function losesCount(mappings = 2): Era {
  const forks = new WeakMap<Frame, number>();
  return {
    ...anonExclusive,
    forkMustCopy(page, mm) {
      forks.set(page, (forks.get(page) ?? 0) + 1);
      return anonExclusive.forkMustCopy(page, mm);
    },
    wpCanReuse: (page) =>
      (forks.get(page) ?? 0) >= 2 ? page.mapcount <= mappings : anonExclusive.wpCanReuse(page),
  };
}

/** The same with swap entries. */
function losesSwapCount(): Era {
  const forks = new Map<number, number>();
  return {
    ...anonExclusive,
    forkKeepsSwapExclusive({ slot }) {
      forks.set(slot, (forks.get(slot) ?? 0) + 1);
      return false;
    },
    swapInCanReuse: (page, swapCount, entry, write) =>
      (forks.get(entry.slot) ?? 0) >= 2
        ? page.mapcount + swapCount <= 2
        : anonExclusive.swapInCanReuse(page, swapCount, entry, write),
  };
}

/** What a child of the first process shares is not taken for shared. */
function forgetsChildren(): Era {
  const children = new WeakSet<Frame>();
  return {
    ...anonExclusive,
    forkMustCopy(page, mm) {
      if (mm.id > 1) children.add(page);
      return anonExclusive.forkMustCopy(page, mm);
    },
    wpCanReuse: (page) => children.has(page) ? page.mapcount <= 2 : anonExclusive.wpCanReuse(page),
  };
}

const HARMLESS: readonly (() => Era)[] = [
  ...[refcountOld, readGupBreaksCow, anonExclusive, roLongterm, largeFolio].map((era) => () => era),
  ...["4.14.232", "5.4.59", "5.18", "6.1", "7.2.13"].map((name) => () => releaseNamed(name).era),
  () => ({ ...anonExclusive, wpCanReuse: () => false }),
  () => ({ ...roLongterm, wpCanReuse: (page) => page.refcount === 1 }),
  () => ({ ...anonExclusive, gupMustUnshare: () => false }),
  () => ({ ...anonExclusive, forkMustCopy: () => true }),
  () => ({ ...roLongterm, forkMustCopy: () => false }),
  () => ({ ...anonExclusive, swapOutIsExclusive: () => false }),
  () => ({ ...largeFolio, swapInCanReuse: () => false }),
];

const LEAKING: readonly (() => Era)[] = [
  ...["2.6.13", "4.14.231", "5.7", "5.10.223", "5.17"].map((name) => () => releaseNamed(name).era),
  () => ({ ...anonExclusive, wpCanReuse: mapcount.wpCanReuse }),
  () => ({ ...largeFolio, wpCanReuse: (page) => page.anonExclusive || page.refcount <= 2 }),
  () => ({ ...readGupBreaksCow, gupMustBreakCow: (gup_flags) => gup_flags !== 0 }),
  () => ({ ...roLongterm, swapInCanReuse: mapcount.swapInCanReuse }),
  () => ({ ...largeFolio, swapInCanReuse: (_page, swapCount) => swapCount <= 1 }),
  () => ({ ...roLongterm, forkKeepsSwapExclusive: () => true }),
  () => ({ ...roLongterm, swapOutIsExclusive: () => true }),
  carelessBehindTheFirst,
  clearsTheFirst,
  () => losesCount(2),
  () => losesCount(1),
  losesSwapCount,
  forgetsChildren,
  ...PROGRAMS.map(leaksOnly),
];
