import { FOLL_WRITE, Lab, mapcount, type Mm, PAGE_SIZE, type Pid } from "sim";
import { everyChoice, everyOrder, holds, sameFrames, suite } from "../expect.ts";

const A = 0x7000, B = A + PAGE_SIZE, FAR = 0x20000;

/** Fork copies what somebody outside the page tables refers to, and nothing else. */
export default (kata: typeof import("./solution.ts")) => {
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

  test("any counts, any frame, any address space, asked twice", () => {
    const m = registered(0);
    const mapped = Array.from({ length: 20 }, (_, i) => 20 - i);
    const several = Array.from({ length: 20 }, (_, i) => i + 1);
    const mappings = { mapped, more: [0], copied: [false] };
    const others = { mapped, more: [...several, 1023, 1024, 1025, 4096], copied: [true] };
    for (const choice of [...everyChoice(mappings), ...everyChoice(others)]) {
      const { mapped, more, copied } = choice, pfn = 7 * mapped + more, refcount = mapped + more;
      const bytes = [...new TextEncoder().encode(["", "\0", "secret"][refcount % 3])];
      const page = Object.freeze({ ...m.page(1), pfn, mapcount: mapped, refcount, bytes });
      const mm = spaceOf(mapped + 3 * more, pfn, m.mm(1));
      const [first, again] = [kata.forkMustCopy(page, mm), kata.forkMustCopy(page, mm)];
      holds(
        m,
        first === copied && again === first,
        `for a frame with mapcount ${mapped} and refcount ${refcount} it says ${first}, then ${again}`,
      );
    }
  });

  return test;
};

/** An address space that maps a frame somewhere, and up to 49 others beside it. */
function spaceOf(seed: number, pfn: number, like: Mm): Mm {
  const vpn = 0x10 + 977 * seed, pages = 1 + seed % 50;
  const entry = (_: unknown, i: number) =>
    [vpn + i, { pfn: pfn + i, writable: false, dirty: true }] as const;
  const ptes = new Map(Array.from({ length: pages }, entry));
  const vma = { ...like.vmas[0]!, start: vpn * PAGE_SIZE, end: (vpn + pages) * PAGE_SIZE };
  return Object.freeze({ ...like, id: 1 + seed, vmas: [vma], ptes });
}

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
  else if (step.endsWith("a")) m.store(pid, A, `by ${pid}`);
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
