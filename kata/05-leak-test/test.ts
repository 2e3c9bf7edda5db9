import { anonExclusive, Lab, MADV_PAGEOUT, mapcount, PAGE_SIZE, pageCount } from "sim";
import { readGupBreaksCow } from "sim";
import { holds, suite } from "../expect.ts";
import { carelessBehindTheFirst, clearsTheFirst, forgetsChildren, HARMLESS } from "../leaking.ts";
import {
  LEAKING,
  leaksBackwards,
  leaksOnly,
  leaksToGrandchildren,
  losesCount,
} from "../leaking.ts";
import { losesSwapCount, type Make, type Now, type Program, PROGRAMS } from "../leaking.ts";
import { sharesMemory } from "../leaking.ts";
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
  function judges(make: Make, leak: boolean, hint: string): void {
    const labs: Lab[] = [], answer = kata.leaks(booted(make, labs));
    const proof = PROGRAMS.map((program) => ran(make, program)).find(({ leaked }) => leaked)?.m;
    if (leak !== Boolean(proof)) throw new Error("the suite is wrong about this kernel");
    const said = `leaks() answers ${answer}`;
    if (proof) {
      const secret = `${said}, and after this program the secret is in the pipe`;
      holds(proof, answer === true, `${secret}: ${hint}`);
    } else {
      const last = labs.at(-1) ?? new Lab(make({ storing: 1, filled: 1 }));
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
      "in 5.8 a pipe that was filled before the fork shows what the child writes, which is not asked about: fill it after the fork, in the youngest process",
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

  test("a kernel that leaks only by a grandchild's pipe is caught", () => {
    judges(
      leaksToGrandchildren,
      true,
      "the grandchild has filled this pipe; of what the child between them puts into one, this kernel takes care",
    );
  });

  test("a kernel that shows a child its parent's writes, but no pipe, is acquitted", () => {
    judges(
      sharesMemory,
      false,
      "this kernel is wrong, and a child may read its parent's writes in its memory: the question is what a pipe shows",
    );
  });

  test("a kernel that leaks only what a child writes is acquitted", () => {
    judges(
      leaksBackwards,
      false,
      "what process 1 writes stays its own on this kernel; that its pipe shows what a child writes is not asked about",
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
function booted(make: Make, labs: Lab[]): () => Kernel {
  return () => {
    const now: Now = { storing: 1, filled: 1 };
    const m = new Lab({ ...make(now), name: "the kernel" }, { invariants: false });
    labs.push(m);
    return Object.freeze<Kernel>({
      mmap: (pid, addr, pages) => void m.mmap(pid, addr, pages),
      munmap: (pid, addr, pages) => m.munmap(pid, addr, pages),
      store(pid, addr, text) {
        now.storing = pid;
        m.store(pid, addr, text);
      },
      string: (pid, addr) => m.string(pid, addr),
      fork: (pid) => m.fork(pid),
      exit: (pid) => m.exit(pid),
      madvise: (pid, addr, pages, advice) => m.madvise(pid, addr, pages, advice),
      vmsplice(pid, addr, pipe) {
        now.filled = pid;
        m.vmsplice(pid, addr, pipe);
      },
      pipeRead: (pipe) => m.pipeRead(pipe),
    });
  };
}

const A = 0x10000;

/** The youngest of a family puts a page into a pipe and lets go of it, and process 1 writes. */
function ran(make: Make, { page, pageout, generations }: Program): { m: Lab; leaked: boolean } {
  const now: Now = { storing: 1, filled: generations + 1 };
  const m = new Lab({ ...make(now), name: "the kernel" }, { invariants: false });
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
