// The bench: what its methods answer, and what its pictures show.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Era,
  eras,
  Errno,
  FOLL_FORCE,
  FOLL_LONGTERM,
  FOLL_PIN,
  FOLL_WRITE,
  framesText,
  KernelBug,
  Lab,
  MAP_SHARED,
  mapcount,
  maps,
  pageCount,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
  Signal,
} from "./mod.ts";

const A = 0x7000;

/** Process 1 has stored "0" at A. */
function started(era: Era): Lab {
  const m = new Lab(era);
  m.mmap(1, A);
  m.store(1, A, "0");
  return m;
}

const PIN = FOLL_WRITE | FOLL_PIN;

const test = suite("lab");

test("frames() shows both pages, the child's and the parent's, and who holds what", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 2);
  m.store(1, A, "one");
  m.store(1, A + 4096, "two");
  m.get_user_pages(1, A, 2, FOLL_WRITE, "nic");
  m.fork(1);
  m.store(2, A + 4096, "TWO");
  assert.is(
    framesText(m.state),
    `
pfn 1  refcount 3  mapcount 2  "one"  pid 1 0x7000 r--, pid 2 0x7000 r--, nic
pfn 2  refcount 2  mapcount 1  "two"  pid 1 0x8000 r--, nic
pfn 3  refcount 1  mapcount 1  "TWO"  pid 2 0x8000 rw-`.trim(),
  );
});

test("frames() wraps a long list of owners at 80 columns, under itself", () => {
  const m = started(mapcount);
  for (let i = 0; i < 9; i++) m.fork(1);
  const lines = framesText(m.state).split("\n");
  assert.ok(lines.length > 1 && lines.every((line) => line.length <= 80), lines.join("\n"));
});

test("a page that nobody wrote is the zero page, which no count knows", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  assert.is(m.string(1, A), "");
  m.fork(1);
  assert.is(framesText(m.state), "pfn 0  zero page    zeros  pid 1 r--");
  m.store(1, A, "x");
  assert.is(m.state.frames.get(1)!.refcount, 1);
});

test("at(n) plays the trace to any point, and to its end gives the present", () => {
  for (const era of eras) {
    const m = started(era);
    m.get_user_pages(1, A, 1, PIN, "nic");
    const before = m.trace.length, then = framesText(m.state);
    m.store(m.fork(1), A, "C");
    m.exit(1);
    assert.is(framesText(m.at(before)), then);
    assert.equal(m.at(m.trace.length), m.state);
    assert.throws(() => m.at(m.trace.length + 1), /the trace has events 0 to/);
  }
});

test("a device's page outlives its process, and goes with the last reference", () => {
  const m = started(pageCount);
  m.get_user_pages(1, A, 1, PIN, "nic");
  m.exit(1);
  m.deviceWrite("nic", "D");
  assert.is(framesText(m.state), `pfn 1  refcount 1024  mapcount 0  "D"  nic (pin)`);
  m.put_user_pages("nic");
  assert.is(framesText(m.state), "no frame is in use");
});

test("a store where nothing is mapped is SIGSEGV, and says what is mapped", () => {
  const m = started(mapcount);
  assert.throws(
    () => m.store(1, 0x9000, "x"),
    (error: unknown) =>
      error instanceof Signal && error.message ===
        "store(pid 1, 0x9000): no VMA covers this address: pid 1 maps 0x7000-0x8000 rw-p",
  );
  m.mprotect(1, A, 1, PROT_READ);
  assert.throws(() => m.store(1, A, "x"), /the VMA does not allow a store/);
  assert.is(m.string(1, A), "0");
  m.mprotect(1, A, 1, PROT_NONE);
  assert.throws(() => m.string(1, A), /the VMA does not allow a load/);
});

test("a mapping that may only be written can be read, as on x86, but not by get_user_pages()", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 1, PROT_WRITE);
  m.store(1, A, "x");
  assert.is(m.string(1, A), "x");
  assert.throws(() => m.get_user_pages(1, A, 1, 0, "nic"), /no readable VMA/);
});

test("a long-term pin for reading replaces the zero page from ro_longterm on, and before only in 5.8", () => {
  const follows = eras.filter((era) => {
    const m = new Lab(era);
    m.mmap(1, A);
    m.pin_user_pages(1, A, 1, FOLL_LONGTERM, "disk");
    m.store(1, A, "saved");
    return m.deviceRead("disk") === "saved";
  });
  assert.equal(follows.map(({ name }) => name), [
    "read_gup_breaks_cow",
    "ro_longterm",
    "large_folio",
  ]);
});

test("FOLL_FORCE reads what its process may not", () => {
  for (const era of eras) {
    const m = started(era);
    m.mprotect(1, A, 1, PROT_NONE);
    assert.is(m.get_user_pages(1, A, 1, FOLL_FORCE, "ptrace"), 1, era.name);
    assert.is(m.deviceRead("ptrace"), "0");
  }
});

test("get_user_pages() of nothing, and for writing of a read-only mapping, is EFAULT", () => {
  const m = started(mapcount);
  m.mprotect(1, A, 1, PROT_READ);
  const isEfault = (error: unknown) =>
    error instanceof Errno && error.code === "EFAULT" && error.errno === 14;
  assert.throws(() => m.get_user_pages(1, A, 1, FOLL_WRITE, "nic"), isEfault);
  assert.throws(() => m.get_user_pages(1, 0x9000, 1, 0, "nic"), isEfault);
  assert.is(m.get_user_pages(1, A, 2, 0, "nic"), 1, "the page before the hole is had");
});

test("mmap(), munmap() and mprotect() refuse with Linux's errors", () => {
  const m = started(mapcount);
  const code = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      return error instanceof Errno ? error.code : String(error);
    }
  };
  assert.is(code(() => m.mmap(1, 0x9001)), "EINVAL");
  assert.is(code(() => m.mmap(1, 0x9000, 0)), "EINVAL");
  assert.is(code(() => m.mmap(1, 0x6000, 2)), "EEXIST");
  assert.is(code(() => m.munmap(1, 0x7001)), "EINVAL");
  assert.is(code(() => m.mprotect(1, 0x7000, 2, PROT_READ)), "ENOMEM");
  assert.is(code(() => m.fork(9)), "ESRCH");
});

test("mprotect() of the middle splits a mapping in three, and back again in one", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 3);
  m.mprotect(1, A + 4096, 1, PROT_READ);
  assert.is([...m.state.mms.values()][0]!.vmas.length, 3);
  m.mprotect(1, A + 4096, 1, PROT_READ | PROT_WRITE);
  assert.is([...m.state.mms.values()][0]!.vmas.length, 1);
});

test("a store across a page's end faults twice and lands in two frames", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 2);
  m.store(1, A + 4094, "abc");
  assert.equal([...m.load(1, A + 4094, 4)], [97, 98, 99, 0]);
  assert.is(m.state.frames.size, 3);
});

test("what the world outside does goes on while a process waits in vfork; what the process does waits", () => {
  const m = new Lab(pageCount);
  m.mmap(1, A, 2);
  m.store(1, A, "old");
  m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
  m.vmsplice(1, A);
  m.directIo(1, A, 1, "write", "out");
  m.directIo(1, A + 4096, 1, "read", "in");
  m.process_vm_readv(1, 1, A);
  m.vfork(1);
  m.deviceWrite("nic", "new");
  assert.is(m.deviceRead("nic"), "new");
  assert.is(m.pipeRead(), "new");
  assert.equal(m.directFetched("out"), ["n".charCodeAt(0)]);
  assert.is(m.directDelivered("in", 5), 1);
  assert.is(m.remoteRead(), "new");
  assert.is(m.mem(1, A + 4096), 5);
  assert.is(m.ksmScan(), false);
  m.ksmUnmerge();
  m.put_user_pages("nic");
  const waits = /pid 1 waits in vfork/;
  const calls: (() => unknown)[] = [
    () => m.mprotect(1, A, 1, PROT_READ),
    () => m.fork(1),
    () => m.load(1, A, 1),
    () => m.get_user_pages(1, A, 1, 0, "x"),
  ];
  for (const call of calls) {
    assert.throws(call, (error: unknown) => error instanceof Errno && waits.test(error.message));
  }
  assert.is(m.state.frames.size, 3);
});

test("what is thrown says what was asked for", () => {
  const m = new Lab(mapcount);
  const thrown = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      return error as Errno | Signal | KernelBug;
    }
  };
  const refused = thrown(() => m.munmap(1, 0x7001)) as Errno;
  assert.equal([refused.code, refused.errno, refused.op], ["EINVAL", 22, {
    type: "op",
    call: "munmap",
    args: { pid: 1, addr: 0x7001, pages: 1 },
  }]);
  m.mmap(1, A);
  const hit = thrown(() => m.store(1, A + 4090, "0123456789")) as Signal;
  assert.equal([hit.code, hit.addr, hit.op?.args.addr], ["SIGSEGV", A + 4096, A + 4090]);
  assert.is(thrown(() => m.deviceRead("nic"))?.op?.call, "device_read");
  m.vfork(1);
  assert.is(thrown(() => m.fork(1))?.op, undefined, "it has not begun");
});

test("reasons() are the last operation's", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  m.string(1, A);
  assert.equal(m.reasons(), ["do_anonymous_page: a read of an untouched page maps the zero page"]);
  m.store(1, A, "x");
  assert.equal(m.reasons(), ["do_wp_page: copy pfn 0: a zero page is never written here"]);
  m.store(1, A, "y");
  assert.equal(m.reasons(), []);
});

test("the first descriptor is 3, and a closed one is given out again", () => {
  const m = new Lab(mapcount);
  for (const name of ["a", "b", "c"]) m.driver(name);
  assert.equal([m.open(1, "a"), m.open(1, "b")], [3, 4]);
  m.close(1, 3);
  assert.is(m.open(1, "c"), 3);
});

test("a descriptor that a process does not have is nobody's, whatever is open", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  m.driver("nic");
  const fd = m.open(1, "nic"), child = m.fork(1);
  m.close(child, fd);
  const calls: (() => unknown)[] = [
    () => m.close(1, fd + 1),
    () => m.close(child, fd),
    () => m.register(1, fd + 1, A, 1, 0),
    () => m.mmap(child, 0x2a000, 1, PROT_READ, MAP_SHARED, fd),
  ];
  for (const call of calls) {
    assert.throws(call, (error: unknown) => error instanceof Errno && error.code === "EBADF");
  }
});

test("clearRefs() write-protects what is not pinned, where there are soft-dirty bits", () => {
  const shown = (softDirty: boolean, era = pageCount) => {
    const m = new Lab(era, { build: { refusesForce: false, softDirty } });
    m.mmap(1, A, 2);
    m.store(1, A, "one");
    m.store(1, A + 4096, "two");
    m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
    m.clearRefs(1);
    return [...framesText(m.state).matchAll(/ ([rw-]{3})/g)].map(([, bits]) => bits);
  };
  assert.equal(shown(true), ["rw-", "r--"]);
  assert.equal(shown(true, mapcount), ["r--", "r--"], "a pin is not told from other references");
  assert.equal(shown(false), ["rw-", "rw-"]);
});

test("string() reads up to the NUL or the page's end; load() past it, too", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 2);
  m.store(1, A, "");
  assert.is(m.string(1, A), "");
  m.store(1, A + 4094, [65, 66, 67, 68]);
  assert.is(m.string(1, A + 4094), "AB");
  assert.is(m.string(1, A + 4096), "CD");
  assert.equal([...m.load(1, A + 4095, 3)], [66, 67, 68]);
});

test("a store stops at a page that cannot be had; those before it are written", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  assert.throws(() => m.store(1, A + 4095, [1, 2]), (error: unknown) => error instanceof Signal);
  assert.equal([...m.load(1, A + 4095, 1)], [1]);
});

test("bytes are given away to the trace, and not the caller's array", () => {
  const m = new Lab(mapcount), bytes = [1, 2];
  m.mmap(1, A);
  m.store(1, A, bytes);
  bytes[0] = 9;
  assert.equal([...m.load(1, A, 2)], [1, 2]);
  m.store(1, A, new Uint8Array([7, 8]));
  assert.equal([...m.load(1, A, 2)], [7, 8]);
});

test("brk() moves the end of the heap by bytes, and maps whole pages", () => {
  const m = new Lab(mapcount), HEAP = 0x555500000000;
  assert.is(m.brk(1, 0), HEAP);
  assert.is(m.brk(1, HEAP - 1), HEAP);
  assert.is(m.brk(1, HEAP + 0x1001), HEAP + 0x1001);
  assert.is(String(maps(m.state, 1)), "0x555500000000-0x555500002000 rw-p");
  m.store(1, HEAP + 0x1fff, [1]);
  assert.is(m.brk(1, HEAP + 0x2000), HEAP + 0x2000);
  assert.is(m.brk(1, HEAP + 0x1000), HEAP + 0x1000);
  assert.is(String(maps(m.state, 1)), "0x555500000000-0x555500001000 rw-p");
  assert.is(m.state.frames.size, 1);
  m.mmap(1, HEAP + 0x3000, 1, PROT_READ);
  assert.is(m.brk(1, HEAP + 0x3001), HEAP + 0x1000, "something is in the way: nothing changes");
  assert.is(m.brk(1, HEAP + 0x3000), HEAP + 0x3000);
  assert.is(m.mm(m.fork(1)).brk, HEAP + 0x3000);
  assert.is(m.brk(1, HEAP), HEAP);
  assert.is(String(maps(m.state, 1)), "0x555500003000-0x555500004000 r--p");
});

test.run();
