import { type Addr, Errno, FOLL_WRITE, frames, Lab, MAP_SHARED, mapcount, operations } from "sim";
import { type Operands, PAGE_SIZE, type Pid, PROT_READ, PROT_WRITE } from "sim";
import { everyOrder, holds, sameFrames, suite } from "../expect.ts";

type Kata = typeof import("./solution.ts");
type Kernel = Parameters<Kata["register"]>[0];
type Registered = ReturnType<Kata["register"]>;

const A = 0x7000, B = A + PAGE_SIZE, FAR = 0x20000;

/** A device, its driver, and processes that need not behave. */
export default (kata: Kata) => {
  const test = suite("a driver that survives its processes");

  /** A machine with the reader's driver: process 1 has opened the device, and stored to one page. */
  class Driven {
    readonly m = new Lab(mapcount, { invariants: false });
    readonly fd: number;
    readonly #file: number;
    readonly #kernel: Kernel;
    #registered: Registered[] = [];

    constructor() {
      const { m } = this;
      m.driver("nic");
      this.fd = m.open(1, "nic");
      this.#file = m.task(1).files.get(this.fd)!.file;
      m.mmap(1, A, 2);
      m.store(1, A, "buffer");
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
      const open = this.m.state.files.has(this.#file);
      this.#registered = kata.release(this.#kernel, this.#registered, open);
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

  test("a frame that is mapped twice is given back twice", () => {
    const d = new Driven(), prot = PROT_READ | PROT_WRITE;
    const { path } = operations.find(({ scene }) => scene?.word === "mmap")!;
    const file = { pid: 1, pages: 1, prot, flags: MAP_SHARED, file: "file" };
    for (const addr of [FAR, FAR + PAGE_SIZE]) d.m.run(path(d.m, { ...file, addr } as Operands));
    d.answers(d.register(1, FAR, 2), "ok", "both pages are mapped, and have one frame");
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
    const hint = "pid 2 lives, and its registration is not its parent's: each has its own end";
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

  test("every order of three steps, beside the machine's own driver", () => {
    for (const order of everyOrder(Object.keys(STEPS), 3)) {
      const d = new Driven(), real = careful();
      for (const step of order) {
        const pid = Number(step[0]), { registers, does } = STEPS[step]!;
        const task = d.m.state.tasks.get(pid);
        // Who is gone does nothing, and who has no descriptor can neither register nor close.
        if (!task || !task.files.has(d.fd) && (registers || step.endsWith("closes"))) continue;
        if (registers) {
          const [addr, pages] = registers, said = d.register(pid, addr, pages);
          d.answers(said, registered(real, pid, addr, pages), "what is mapped, and what is left?");
        }
        if (does) {
          d.ends(does);
          does(real);
        }
        const hint = `after "${step}" a careful driver has other references, or charges otherwise`;
        sameFrames(d.m, String(frames(real.state)), hint);
        for (const mm of d.m.state.mms.values()) {
          const same = mm.pinnedVm === real.state.mms.get(mm.id)?.pinnedVm;
          holds(d.m, same, `${mm.pinnedVm} pages are charged to mm ${mm.id}: ${hint}`);
        }
      }
    }
  });

  return test;
};

/** The same start with the machine's driver. */
function careful(): Lab {
  const m = new Lab(mapcount, { invariants: false });
  m.driver("nic");
  m.open(1, "nic");
  m.mmap(1, A, 2);
  m.store(1, A, "buffer");
  return m;
}

function registered(m: Lab, pid: Pid, addr: Addr, pages: number): string {
  try {
    m.register(pid, 3, addr, pages, FOLL_WRITE);
    return "ok";
  } catch (error) {
    if (error instanceof Errno) return error.code;
    throw error;
  }
}

/** A registration, or anything else that a process does. */
interface Deed {
  registers?: readonly [addr: Addr, pages: number];
  does?: (m: Lab) => void;
}

/** What processes do. */
const STEPS: Record<string, Deed> = {
  "1 registers a page": { registers: [A, 1] },
  "1 registers both": { registers: [A, 2] },
  "1 registers too much": { registers: [B, 2] },
  "2 registers a page": { registers: [B, 1] },
  "1 has a limit": { does: (m) => m.setMemlock(1, 1) },
  "1 forks": { does: (m) => m.state.tasks.size < 2 && m.fork(1) },
  "1 unmaps": { does: (m) => m.munmap(1, A, 2) },
  "1 stores": { does: (m) => m.vma(m.mm(1), A) && m.store(1, A, "new") },
  "1 calls exec": { does: (m) => m.execve(1) },
  "1 closes": { does: (m) => m.close(1, 3) },
  "2 closes": { does: (m) => m.close(2, 3) },
  "1 exits": { does: (m) => m.exit(1) },
  "2 exits": { does: (m) => m.exit(2) },
};

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
