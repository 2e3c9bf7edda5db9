import { type Addr, Errno, framesText, type Lab, MAP_SHARED, type Operands, operations } from "sim";
import { PAGE_SIZE, type Pid, PROT_READ, PROT_WRITE } from "sim";
import { A, anyAreas, anyDeed, B, type Deed, empty, FD, inhabit, isSame, may } from "../deeds.ts";
import { opened, registered, STEPS } from "../deeds.ts";
import { dice, everyOrder, holds, look, sameFrames, suite } from "../expect.ts";

type Kata = typeof import("./solution.ts");
type Kernel = Parameters<Kata["register"]>[0];
type Registered = ReturnType<Kata["register"]>;

const FAR = 0x20000;

/** A device, its driver, and processes that need not behave. */
export default (kata: Kata, seed = 1) => {
  const test = suite("a driver that survives its processes");

  /** A machine with the reader's driver, in which process 1 has opened the device. */
  class Driven {
    readonly m: Lab;
    readonly fd = FD;
    readonly #file: number;
    readonly #kernel: Kernel;
    #registered: Registered[] = [];

    constructor(m = opened()) {
      this.m = m;
      this.#file = m.task(1).files.get(FD)!.file;
      this.#kernel = kernelOf(m);
    }

    /** What the driver answers: "ok", or the error. */
    register(pid: Pid, addr: Addr, pages: number): string {
      try {
        this.#registered.push(kata.register(this.#kernel, pid, addr, pages));
        return "ok";
      } catch (error) {
        if (error instanceof Errno) return error.code;
        throw error;
      }
    }

    /** Does something after which the kernel asks the driver what stays. */
    ends(what: (m: Lab) => void): void {
      what(this.m);
      const open = this.m.state.files.has(this.#file), given = [...this.#registered];
      const stays = [...kata.release(this.#kernel, given, open)];
      const same = given.length === this.#registered.length &&
        given.every((one, i) => one === this.#registered[i]);
      holds(this.m, same, WRITTEN);
      this.#registered = stays;
    }

    /** Does what was done on the machine `real`, and compares the two. */
    does(deed: Deed, real: Lab): void {
      const { pid, name, registers, does } = deed;
      if (!may(this.m, deed)) return;
      if (registers) {
        const [addr, pages] = registers, said = this.register(pid, addr, pages);
        this.answers(said, registered(real, pid, addr, pages), "what is mapped, and what is left?");
      }
      if (does) {
        this.ends(does);
        does(real);
      }
      const hint =
        `after "${pid} ${name}" a careful driver has other references, or charges otherwise`;
      look(this.m);
      // To draw takes longer than to compare.
      if (!isSame(this.m, real)) sameFrames(this.m, framesText(real.state), hint);
      for (const mm of this.m.state.mms.values()) {
        const same = mm.pinnedVm === real.state.mms.get(mm.id)?.pinnedVm;
        holds(this.m, same, `${mm.pinnedVm} pages are charged to mm ${mm.id}: ${hint}`);
      }
    }

    /** Has the driver answered what it should? */
    answers(said: string, wanted: string, hint: string): void {
      holds(this.m, said === wanted, `register() answers ${said}, not ${wanted}: ${hint}`);
    }

    /** So many pages are charged to process 1. */
    charged(pages: number, hint: string): void {
      const { pinnedVm } = this.m.mm(1);
      holds(this.m, pinnedVm === pages, `${pinnedVm} pages are charged, not ${pages}: ${hint}`);
    }
  }

  test("a frame that the device has is still there when the process has unmapped it", () => {
    const d = new Driven();
    d.answers(d.register(1, A, 1), "ok", "this page is mapped, and was written to");
    d.m.munmap(1, A);
    const hint =
      "the frame went back to the kernel, which gives it to the next who asks, and the device writes on into it";
    sameFrames(d.m, `pfn 1  refcount 1  mapcount 0  "buffer"  nic`, hint);
  });

  test("a child that shares the page does not read what the device writes", () => {
    const d = new Driven();
    d.m.fork(1);
    d.register(1, A, 1);
    d.m.deviceWrite("nic", "packet");
    const read = d.m.string(2, A);
    const hint = "the device writes, and the driver has to say so when it takes its references";
    holds(d.m, read === "buffer", `pid 2 reads "${read}", which was meant for pid 1: ${hint}`);
  });

  test("a page that nobody has touched is registered with the rest", () => {
    const d = new Driven();
    d.register(1, A, 2);
    const rows = `
      pfn 1  refcount 2  mapcount 1  "buffer"  pid 1 0x7000 rw-, nic
      pfn 2  refcount 2  mapcount 1  zeros     pid 1 0x8000 rw-, nic
    `;
    sameFrames(d.m, rows, "two pages were registered: memory has no frame before it is touched");
  });

  test("a buffer that is not all mapped is refused", () => {
    const d = new Driven();
    const said = d.register(1, A, 3);
    d.answers(said, "EFAULT", "the third page is not there, and the device was to write into it");
  });

  test("a buffer that the process may only read is refused", () => {
    const d = new Driven();
    d.m.mprotect(1, A, 1, PROT_READ);
    const hint = "pid 1 may not write there, and so its device may not: FOLL_WRITE alone asks that";
    d.answers(d.register(1, A, 1), "EFAULT", hint);
  });

  test("of a buffer that was refused nothing is left", () => {
    const d = new Driven();
    d.register(1, A, 3);
    const hint = "two pages were there, and their references are kept for a buffer that is not";
    holds(d.m, !d.m.state.holds.get("nic")?.length, hint);
    d.charged(0, "a refusal costs nothing");
  });

  test("pages are charged to the process", () => {
    const d = new Driven();
    d.register(1, A, 2);
    d.charged(2, "nothing else keeps a process from taking all memory there is");
  });

  test("a process that asks for more than it may have is refused", () => {
    const d = new Driven();
    d.m.setMemlock(1, 1);
    const said = d.register(1, A, 2);
    d.answers(said, "ENOMEM", "RLIMIT_MEMLOCK is one page, and these are two");
    const hint = "the request was refused, and yet the driver has references";
    holds(d.m, !d.m.state.holds.get("nic")?.length, hint);
  });

  test("what is above the limit is refused before any page is looked at", () => {
    const d = new Driven();
    d.m.setMemlock(1, 1);
    const said = d.register(1, B, 2), before = "the limit is asked first, and costs nothing";
    d.answers(said, "ENOMEM", `the second page is not mapped, and two are too many: ${before}`);
  });

  test("a process may have as much as its limit", () => {
    const d = new Driven();
    d.m.setMemlock(1, 2);
    d.answers(d.register(1, A, 2), "ok", "two pages of two are not too many");
    const said = d.register(1, A, 1);
    d.answers(said, "ENOMEM", "two of two are taken: the limit is on the sum");
  });

  test("the last close gives everything back", () => {
    const d = new Driven();
    d.register(1, A, 2);
    d.register(1, A, 1);
    d.ends((m) => m.close(1, d.fd));
    const rows = `
      pfn 1  refcount 1  mapcount 1  "buffer"  pid 1 0x7000 rw-
      pfn 2  refcount 1  mapcount 1  zeros     pid 1 0x8000 rw-
    `;
    sameFrames(d.m, rows, "nobody has the device open, and the driver has references: they leak");
    d.charged(0, "what was given back is no longer charged");
  });

  /** Process 1 has mapped one page of a file twice, and has registered both. */
  function mappedTwice(): Driven {
    const d = new Driven(), prot = PROT_READ | PROT_WRITE;
    const { path } = operations.find(({ scene }) => scene?.word === "mmap")!;
    const file = { pid: 1, pages: 1, prot, flags: MAP_SHARED, file: "file" };
    for (const addr of [FAR, FAR + PAGE_SIZE]) d.m.run(path(d.m, { ...file, addr } as Operands));
    d.answers(d.register(1, FAR, 2), "ok", "both pages are mapped, and have one frame");
    return d;
  }

  test("a frame that is mapped twice is charged twice", () => {
    mappedTwice().charged(2, "two pages were registered, and it is pages that are charged");
  });

  test("a frame that is mapped twice is given back twice", () => {
    const d = mappedTwice();
    d.ends((m) => m.close(1, d.fd));
    const left = d.m.state.holds.get("nic")?.length ?? 0;
    const hint = "one page of a file is behind both: a reference was taken for each";
    holds(d.m, left === 0, `the device is closed, and the driver has a reference: ${hint}`);
  });

  test("a close that is not the last changes nothing", () => {
    const d = new Driven();
    d.register(1, A, 1);
    d.m.fork(1);
    d.ends((m) => m.close(2, d.fd));
    const rows = `pfn 1  refcount 3  mapcount 2  "buffer"  pid 1 r--, pid 2 r--, nic`;
    sameFrames(d.m, rows, "the child closed its descriptor, and pid 1 has the device open still");
  });

  test("a process that exits takes its registrations along, though its child has the descriptor", () => {
    const d = new Driven();
    d.register(1, A, 1);
    d.m.fork(1);
    d.ends((m) => m.exit(1));
    const hint =
      "pid 1 is gone and will read nothing; its child keeps the device open, and the frame would never come free";
    sameFrames(d.m, `pfn 1  refcount 1  mapcount 1  "buffer"  pid 2 r--`, hint);
  });

  test("what a child has registered stays when its parent exits", () => {
    const d = new Driven();
    d.m.fork(1);
    d.m.store(2, A, "child's");
    d.register(1, A, 1);
    d.register(2, A, 1);
    d.ends((m) => m.exit(1));
    const hint =
      "each registration ends with its own address space: pid 1's goes, and its frame is free; pid 2's stays";
    sameFrames(d.m, `pfn 2  refcount 2  mapcount 1  "child's"  pid 2 rw-, nic`, hint);
  });

  test("a thread that exits leaves the address space, and the device works on", () => {
    const d = new Driven();
    d.register(1, A, 1);
    d.m.thread(1);
    d.ends((m) => m.exit(1));
    const hint = "pid 2 runs in the same address space, and reads what the device writes";
    sameFrames(d.m, `pfn 1  refcount 2  mapcount 1  "buffer"  pid 2 rw-, nic`, hint);
  });

  test("a thread that registered may exit, and the rest of its process reads on", () => {
    const d = new Driven();
    d.m.thread(1);
    d.register(2, A, 1);
    d.ends((m) => m.exit(2));
    const hint =
      "pid 2 was a thread: what it registered is its address space's, in which pid 1 runs";
    sameFrames(d.m, `pfn 1  refcount 2  mapcount 1  "buffer"  pid 1 rw-, nic`, hint);
  });

  test("a buffer of many pages is registered as one of few", () => {
    const d = new Driven(), pages = 40, addr = d.m.mmap(1, FAR, pages), far = FAR.toString(16);
    for (let i = 0; i < pages; i++) d.m.store(1, addr + i * PAGE_SIZE, "buffer");
    d.m.fork(1);
    const many = `the ${pages} pages at 0x${far}`;
    d.answers(d.register(1, addr, pages), "ok", `${many} are mapped, and no limit was set`);
    d.charged(pages, `${many} were registered, and all of them count`);
    const pfnOf = (pid: Pid, i: number) => d.m.pte(d.m.mm(pid), addr + i * PAGE_SIZE)?.pfn;
    const all = Array.from({ length: pages }, (_, i) => i);
    const shared = all.filter((i) => pfnOf(1, i) === pfnOf(2, i));
    const reads = `pid 2 reads what the device writes into page ${shared[0]} of ${many}`;
    holds(d.m, shared.length === 0, `${reads}: how large a buffer is makes no difference`);
    const had = new Set((d.m.state.holds.get("nic") ?? []).map(({ pfn }) => pfn));
    const left = all.filter((i) => !had.has(pfnOf(1, i)!));
    holds(d.m, left.length === 0, `page ${left[0]} of ${many} is not the device's`);
    const said = d.register(1, addr, pages + 1);
    d.answers(said, "EFAULT", `the page behind ${many} is not mapped, and was asked for with them`);
    d.m.setMemlock(1, 2 * pages - 1);
    const hint = `${many} are charged already, and one page less is left: the sum is what counts`;
    d.answers(d.register(1, addr, pages), "ENOMEM", hint);
    d.ends((m) => m.close(1, FD));
    d.ends((m) => m.close(2, FD));
    const kept = d.m.state.holds.get("nic")?.length ?? 0;
    holds(d.m, kept === 0, `of ${many}, ${kept} references leak: every page has one`);
  });

  test("many registrations are kept, and end, like one", () => {
    const d = new Driven();
    for (let i = 0; i < 5; i++) {
      d.m.mmap(1, FAR + i * PAGE_SIZE);
      d.register(1, FAR + i * PAGE_SIZE, 1);
    }
    d.m.fork(1);
    d.m.store(2, A, "child's");
    d.register(2, A, 1);
    d.ends((m) => m.close(1, FD));
    const had = () => d.m.state.holds.get("nic")?.length ?? 0;
    holds(
      d.m,
      had() === 6,
      `six pages are registered, and the device has ${had()} of them: a close that is not the last ends none`,
    );
    d.ends((m) => m.exit(2));
    holds(d.m, had() === 0, `nobody has the device open, and ${had()} of six references leak`);
    d.charged(0, "all of five registrations is given back, and its charge with it");
  });

  test("the registrations of one that dies are given back, however many others live", () => {
    const d = new Driven();
    d.m.fork(1);
    for (let i = 0; i < 4; i++) d.register(1, A, 1);
    d.m.store(2, B, "child's");
    d.register(2, B, 1);
    d.ends((m) => m.exit(1));
    const left = d.m.state.holds.get("nic")?.length ?? 0;
    const hint = "pid 1 had four registrations and is gone: its child's one stays, and no other";
    holds(d.m, left === 1, `${hint}; the device has ${left}`);
  });

  test("any process may register, whatever its number", () => {
    const d = new Driven();
    while (d.m.state.nextPid < 23) d.m.exit(d.m.fork(1));
    const pid = d.m.fork(1);
    d.m.store(pid, A, "its own");
    d.register(pid, A, 1);
    d.m.munmap(pid, A);
    const hint =
      `pid ${pid} has inherited the descriptor, and registered memory of its own: the device writes on into it`;
    holds(d.m, d.m.state.holds.get("nic")?.length === 1, hint);
  });

  test("a buffer may be at any address", () => {
    for (const addr of [PAGE_SIZE, 0x5555_0000_0000, 0x7fff_ffff_d000]) {
      const d = new Driven();
      d.m.mmap(1, addr);
      d.m.store(1, addr, "buffer");
      d.register(1, addr, 1);
      const hint = `the page at 0x${
        addr.toString(16)
      } was registered, and the device has no reference to it`;
      holds(d.m, d.m.state.holds.get("nic")?.length === 1, hint);
    }
  });

  test("every order of three steps, beside the machine's own driver", () => {
    for (const order of everyOrder(STEPS, 3)) {
      const d = new Driven(), real = opened();
      for (const deed of order) d.does(deed, real);
    }
  });

  test("any processes, any memory, in long orders that a seed throws", () => {
    const next = dice(seed);
    for (let world = 0; world < 70; world++) {
      const areas = anyAreas(next), from = 1 + next(1 << 30);
      const [m, real] = [0, 1].map(() => {
        const lab = empty();
        inhabit(lab, areas, dice(from));
        return lab;
      }) as [Lab, Lab];
      const d = new Driven(m);
      for (let step = 0; step < 20; step++) d.does(anyDeed(m, areas, next), real);
    }
  });

  return test;
};

const WRITTEN =
  "release() wrote to the list that it was given, which is the kernel's: it answers what stays";

/** The kernel as the driver sees it, made of the machine. */
function kernelOf(m: Lab): Kernel {
  const mine = () => m.state.holds.get("nic") ?? [];
  return Object.freeze<Kernel>({
    mm: (pid) => m.task(pid).mm,
    lives: (mm) => m.state.mms.has(mm),
    follow_pages: (pid, addr, pages) =>
      Array.from({ length: pages }, (_, i) => m.pte(m.mm(pid), addr + i * PAGE_SIZE)?.pfn)
        .filter((pfn) => pfn !== undefined),
    get_user_pages(pid, addr, pages, gup_flags) {
      const before = mine().length;
      try {
        m.get_user_pages(pid, addr, pages, gup_flags, "nic");
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
      }
      return mine().slice(before).map(({ pfn }) => pfn);
    },
    put_page(pfn) {
      const hold = mine().find((one) => one.pfn === pfn);
      const hint =
        `put_page(${pfn}): the driver has no reference to this frame, it would be another's`;
      holds(m, hold !== undefined, hint);
      m.emit({ type: "put", ...hold!, holder: "nic" });
    },
    left(mm) {
      const task = [...m.state.tasks.values()].find((one) => one.mm === mm);
      return task ? task.memlock - m.state.mms.get(mm)!.pinnedVm : 0;
    },
    charge(mm, pages) {
      const hint = `charge(mm ${mm}, ${pages}): this address space is gone, and its charge with it`;
      holds(m, m.state.mms.has(mm), hint);
      m.emit({ type: "charge", mm, pages });
    },
  });
}
