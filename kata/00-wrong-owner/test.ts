import { anonExclusive, FOLL_WRITE, Lab, MADV_MERGEABLE, MAP_ANONYMOUS, MAP_SHARED } from "sim";
import { mapcount, type Operands, operations, PAGE_SIZE, pageCount, type Pid } from "sim";
import { PROT_NONE, PROT_READ, PROT_WRITE } from "sim";
import { A, askEverybody, B, readersIn, worlds } from "../deeds.ts";
import { everyOrder, holds, look, suite } from "../expect.ts";

type Kata = typeof import("./solution.ts");
type Registration = Parameters<Kata["readersOf"]>[1];

const FAR = 0x20000;
const SHARED = MAP_SHARED | MAP_ANONYMOUS;

/** Who reads what a device writes, by its frames and not by its past. */
export default (kata: Kata, seed = 1) => {
  const test = suite("who reads what the device writes");

  /** Process 1 has stored to its pages, and has registered them with the device. */
  function registered(pages = 1, flags?: number): Lab {
    const m = new Lab(mapcount, { invariants: false });
    m.mmap(1, A, pages, PROT_READ | PROT_WRITE, flags);
    for (let i = 0; i < pages; i++) m.store(1, A + i * PAGE_SIZE, "buffer");
    m.get_user_pages(1, A, pages, FOLL_WRITE, "nic");
    return m;
  }

  /** Compares what the reader's function answers with `readers`; `why` is what the machine would show. */
  function reads(m: Lab, readers: Pid[], why: string, record: Partial<Registration> = {}): void {
    const answer = kata.readersOf(m.state, { pid: 1, addr: A, pages: 1, holder: "nic", ...record });
    const same = told(answer) === told(readers);
    const sorted = Array.isArray(answer) && told([...answer].sort((a, b) => a - b));
    const said = `it answers ${told(answer) || "an empty list"}`;
    holds(m, same || sorted !== told(readers), `${said}, the right ones: ${ORDER}`);
    holds(m, same, `${said}: ${why}`);
  }

  test("the process that registered its page reads it, when nothing has happened since", () => {
    reads(registered(), [1], "pid 1 has the device's frame in its page table, and nobody else");
  });

  test("a process that may no longer write to the page reads it all the same", () => {
    const m = registered();
    m.mprotect(1, A, 1, PROT_READ);
    reads(m, [1], "r-- is an entry, too: pid 1 reads what the device writes through it");
  });

  test("a process that may not read the page at the moment is a reader all the same", () => {
    const m = registered();
    m.mprotect(1, A, 1, PROT_NONE);
    reads(
      m,
      [1],
      "the entry points at the frame, and the next mprotect lets pid 1 read through it",
    );
  });

  test("after a fork, parent and child read what the device writes", () => {
    const m = registered();
    m.fork(1);
    reads(m, [1, 2], "pid 2 never registered anything, but fork has given it the frame");
  });

  test("a parent that wrote after the fork no longer reads what its device writes", () => {
    const m = registered();
    m.fork(1);
    m.store(1, A, "reply");
    const why = "pid 1 has the address still, but another frame behind it; in whose row is nic?";
    reads(m, [2], why);
  });

  test("a copy with the same contents is not the device's frame", () => {
    const m = registered();
    m.fork(1);
    m.store(2, A, "buffer");
    reads(m, [1], "pid 2 wrote the same bytes into a frame of its own, and stays with those");
  });

  test("a child that mapped the address anew reads nothing of the device's", () => {
    const m = registered();
    m.fork(1);
    m.munmap(2, A);
    m.mmap(2, A);
    m.store(2, A, "its own");
    reads(m, [1], "pid 2 mapped new memory at this address, which was never registered");
  });

  test("a thread reads on when the task that registered has ended", () => {
    const m = registered();
    m.thread(1);
    m.exit(1);
    reads(m, [2], "pid 2 is a thread in the address space that pid 1 left: name the process");
  });

  test("every thread of an address space reads", () => {
    const m = registered();
    m.thread(1);
    reads(m, [1, 2], "pid 1 and pid 2 run in one address space, and both use its page table");
  });

  test("a parent that waits in vfork reads, and so does its child", () => {
    const m = registered();
    m.vfork(1);
    reads(m, [1, 2], "pid 2 runs in the memory of pid 1, which waits for it and reads afterwards");
  });

  test("pids are in ascending order, whichever address space they run in", () => {
    const m = registered();
    m.fork(1);
    m.thread(1);
    reads(m, [1, 2, 3], "pid 1 and pid 3 are threads, pid 2 is the child, and 2 comes before 3");
  });

  test("pids of two digits come after those of one", () => {
    const m = registered();
    while (m.state.tasks.size < 11) m.fork(1);
    const why = "pids are numbers, and 10 comes after 9; a plain sort() compares them as texts";
    reads(m, [...m.state.tasks.keys()], why);
  });

  test("of two pages held, a process that reads both is named once", () => {
    const m = registered(2);
    m.fork(1);
    reads(m, [1, 2], "each process has both frames, which is two processes, not four", {
      pages: 2,
    });
  });

  test("of two pages held, one is enough to be a reader", () => {
    const m = registered(2);
    m.fork(1);
    m.store(1, A, "reply");
    const why = "pid 1 has lost the page at 0x7000 to its child, and still shares the second";
    reads(m, [1, 2], why, { pages: 2 });
  });

  test("of three pages held, the parent wrote to all but the last", () => {
    const m = registered(3);
    m.fork(1);
    m.store(1, A, "reply");
    m.store(1, B, "reply");
    m.munmap(2, A, 2);
    reads(m, [1, 2], "both still share the third page, the one at 0x9000", { pages: 3 });
  });

  /** The same, and nic holds the page at FAR, too; process 1 has forked. */
  function registeredTwice(): Lab {
    const m = registered();
    m.mmap(1, FAR);
    m.store(1, FAR, "another buffer");
    m.get_user_pages(1, FAR, 1, FOLL_WRITE, "nic");
    m.fork(1);
    return m;
  }

  test("what the holder has got from another registration counts", () => {
    const m = registeredTwice();
    m.munmap(2, A);
    const why = "nic also holds the frame at 0x20000 by now, which pid 2 maps: ask what it holds";
    reads(m, [1, 2], why);
  });

  test("what the holder has from an older registration counts, whatever came after", () => {
    const m = registeredTwice();
    m.munmap(2, FAR);
    const why = "pid 2 still maps the frame that was registered first, and nic holds that one, too";
    reads(m, [1, 2], why);
  });

  test("of nine pages held, the first is enough to be a reader", () => {
    const m = registered(9);
    m.fork(1);
    m.munmap(2, B, 8);
    reads(m, [1, 2], "pid 2 has kept the first page of nine, and the device has all of them", {
      pages: 9,
    });
  });

  test("a page that was moved is read where it is now", () => {
    const m = registered();
    m.fork(1);
    m.mremap(1, A, 1, 0x3000);
    m.mremap(2, A, 1, 0x7f00_0000_0000);
    const why = "mremap moves the entry, and the frame behind it stays: any address may lead there";
    reads(m, [1, 2], why);
  });

  test("shared memory is not copied: whoever writes, all of them read", () => {
    const m = registered(1, SHARED);
    m.fork(1);
    m.store(1, A, "reply");
    m.store(2, A, "thanks");
    reads(m, [1, 2], "the mapping is shared, so both wrote into the device's frame");
  });

  test("shared memory that a child registers is read by its parent as well", () => {
    const m = new Lab(mapcount);
    m.mmap(1, A, 1, PROT_READ | PROT_WRITE, SHARED);
    m.store(1, A, "buffer");
    m.fork(1);
    m.get_user_pages(2, A, 1, FOLL_WRITE, "nic");
    const why = "pid 2 registered the memory, and pid 1 has shared it with pid 2 all along";
    reads(m, [1, 2], why, { pid: 2 });
  });

  test("what another device holds is not asked for", () => {
    const m = registered();
    m.fork(1);
    m.store(1, A, "reply");
    m.get_user_pages(1, A, 1, FOLL_WRITE, "disk");
    reads(m, [2], "pid 1 reads what disk writes, and the question is about nic");
    const why = "this record is disk's, and pid 2 reads what nic writes";
    reads(m, [1], why, { holder: "disk" });
  });

  test("a device whose name begins in the same way is another device", () => {
    const m = registered();
    m.fork(1);
    m.store(1, A, "reply");
    m.get_user_pages(1, A, 1, FOLL_WRITE, "nic 2");
    reads(m, [2], "pid 1 reads what nic 2 writes, and the question is about nic");
    const why =
      "this record is nic 2's, which holds the frame of pid 1; pid 2 reads what nic writes";
    reads(m, [1], why, { holder: "nic 2" });
  });

  test("of two devices, the older has the longer name", () => {
    const m = new Lab(mapcount, { invariants: false });
    m.mmap(1, A);
    m.store(1, A, "buffer");
    m.get_user_pages(1, A, 1, FOLL_WRITE, "nic 2");
    m.fork(1);
    m.store(1, A, "reply");
    m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
    const why =
      "nic 2 was there first, and is not nic: a name is compared from its first letter to its last";
    reads(m, [1], why);
  });

  test("a page of a file is a frame that can be held", () => {
    const m = new Lab(mapcount, { invariants: false });
    const call = { pid: 1, addr: A, pages: 1, prot: PROT_READ | PROT_WRITE, flags: MAP_SHARED };
    const { path } = operations.find(({ scene }) => scene?.word === "mmap")!;
    m.run(path(m, { ...call, file: "file" } as Operands));
    m.string(1, A);
    m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
    m.fork(1);
    m.string(2, A);
    const why = "the frame belongs to a file, and both map it: of what kind it is was not asked";
    reads(m, [1, 2], why);
  });

  test("a page that KSM has merged is a frame that can be held", () => {
    const m = new Lab(anonExclusive, { invariants: false });
    for (const addr of [A, FAR]) {
      m.mmap(1, addr);
      m.store(1, addr, "same");
      m.madvise(1, addr, 1, MADV_MERGEABLE);
    }
    for (let i = 0; i < 9; i++) m.ksmScan();
    m.get_user_pages(1, A, 1, 0, "nic");
    m.fork(1);
    const why = "KSM has merged two pages into this frame, and both processes read it";
    reads(m, [1, 2], why);
  });

  test("a pin is held like any other reference", () => {
    const m = new Lab(pageCount, { invariants: false });
    m.mmap(1, A);
    m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
    m.fork(1);
    reads(m, [1], "nic has pinned pid 1's frame, and fork has copied it for pid 2");
  });

  test("the zero page is a frame that can be held", () => {
    const m = new Lab(mapcount, { invariants: false });
    m.mmap(1, A);
    m.get_user_pages(1, A, 1, 0, "nic");
    m.posix_spawn(1);
    m.mmap(2, FAR);
    m.load(2, FAR, 1);
    const why = "nic holds pfn 0, the page of zeros, and both have read memory nobody had written";
    reads(m, [1, 2], why);
  });

  test("a page that nobody maps has no reader", () => {
    const m = registered();
    m.munmap(1, A);
    reads(m, [], "pid 1 has unmapped the page; nic's reference is all that keeps the frame");
  });

  test("a process that has exited reads nothing", () => {
    const m = registered();
    m.fork(1);
    m.exit(1);
    reads(m, [2], "pid 1 is gone, and its child has inherited the frame");
  });

  test("a device that has let go of its pages writes to nobody", () => {
    const m = registered();
    m.put_user_pages("nic");
    reads(m, [], "nic holds no frame any more, so that nothing it writes can arrive");
  });

  test("how many pages there are, and where, is not asked", () => {
    const many = registered(30), record = { pages: 30 };
    many.munmap(many.fork(1), A, 3);
    reads(many, [1, 2], "pid 2 has kept all pages but the first three, and is a reader", record);
    many.munmap(1, A, 30);
    many.munmap(2, A, 29);
    reads(many, [2], "pid 2 has kept the last page of thirty, and nic holds that one, too", record);
    const late = registered(), before = "pid 1 has mapped forty other pages below the device's";
    late.mmap(1, PAGE_SIZE, 2);
    late.mmap(1, FAR, 40);
    for (let i = 0; i < 40; i++) late.store(1, FAR + i * PAGE_SIZE, "");
    late.mremap(1, A, 1, 0x9000_0000);
    reads(late, [1], `${before}: a page table may be large`);
    late.munmap(1, FAR, 40);
    late.mmap(1, A);
    late.store(1, A, "");
    late.get_user_pages(1, A, 1, FOLL_WRITE, "disk 1");
    const why = "disk 1's frame has the number 41: frames may lie high, and names be long";
    reads(late, [1], why, { holder: "disk 1" });
  });

  test("what else is known of a process is not asked", () => {
    const driven = registered();
    driven.driver("disk");
    driven.open(1, "disk");
    reads(driven, [1], "pid 1 has a device open, and reads its memory like any other process");
    const limited = registered();
    limited.setMemlock(1, 1);
    reads(limited, [1], "pid 1 may not lock much memory; what it reads has no limit");
    const divided = registered();
    for (let i = 0; i < 9; i++) divided.mmap(1, FAR + 2 * i * PAGE_SIZE);
    reads(divided, [1], "pid 1 has ten mappings, and the device's page is in one of them");
    const old = registered();
    while (old.state.nextPid < 40) old.exit(old.fork(1));
    old.fork(1);
    reads(old, [1, 40], "pid 40 was born late, in address space 40, and maps the frame");
  });

  test("any processes and any memory, in long orders that a seed throws", () => {
    for (const { m, areas } of worlds(seed, 30)) {
      const readers = readersIn(m, areas);
      const [{ addr }] = areas as [typeof areas[0]];
      const answer = kata.readersOf(m.state, { pid: 1, addr, pages: 1, holder: "nic" });
      look(m);
      if (told(answer) === told(readers)) continue;
      const said = `it answers ${told(answer) || "nobody"}, not ${told(readers) || "nobody"}`;
      holds(m, false, `${said}: which frames does nic hold, and who has an entry for one?`);
    }
  });

  test("two pages, in every order of up to three steps", () => {
    for (const order of everyOrder(Object.keys(STEPS) as Step[], 3)) {
      const m = played(order), record = { pid: 1, addr: A, pages: 2, holder: "nic" };
      const pids = [...m.state.tasks.keys()], answer = told(kata.readersOf(m.state, record));
      look(m);
      const readers = told(askEverybody(m, pids));
      if (answer === readers) continue;
      // The picture is of the state that was passed in, before the device wrote and everybody looked.
      const why = `it answered ${answer || "an empty list"}; then the device wrote`;
      holds(played(order), false, `${why}, and ${readers || "nobody"} read it`);
    }
  });

  /** The machine after some steps. */
  function played(order: readonly Step[]): Lab {
    const m = registered(2);
    m.fork(1);
    for (const step of order) if (m.state.tasks.has(Number(step[0]))) STEPS[step](m);
    return m;
  }

  return test;
};

const ORDER = "but pids are numbers, in ascending order, so that 10 comes after 9";

/** What happens before the device writes; a step of somebody who is gone is nothing. */
const STEPS = {
  "1 writes to the first page": (m: Lab) => m.store(1, A, "by 1"),
  "1 writes to the second page": (m: Lab) => m.store(1, B, "by 1"),
  "2 writes to the first page": (m: Lab) => m.store(2, A, "by 2"),
  "2 writes to the second page": (m: Lab) => m.store(2, B, "by 2"),
  "2 forks": (m: Lab) => m.fork(2),
  "1 starts a thread": (m: Lab) => m.thread(1),
  "2 maps the first page anew": (m: Lab) => {
    m.munmap(2, A);
    m.mmap(2, A);
  },
  "1 exits": (m: Lab) => m.exit(1),
  "2 exits": (m: Lab) => m.exit(2),
};
type Step = keyof typeof STEPS;

/** A list of pids in words, in the order given; anything else as it prints. */
function told(pids: unknown): string {
  if (!Array.isArray(pids)) return `${pids}, which is no list`;
  return pids.map((pid) => typeof pid === "number" ? `pid ${pid}` : `"${pid}"`).join(", ");
}
