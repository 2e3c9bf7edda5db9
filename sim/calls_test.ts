// What each call is called in the trace, and the data that goes in and out.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  anonExclusive,
  Errno,
  FOLL_WRITE,
  frames,
  Lab,
  MADV_DONTFORK,
  MAP_ANONYMOUS,
  MAP_SHARED,
  mapcount,
  maps,
  pageCount,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
  Signal,
} from "./mod.ts";

const A = 0x1b000;
const RW = PROT_READ | PROT_WRITE;

const test = suite("calls");

const CALLS: [call: (m: Lab) => unknown, text: string][] = [
  [(m) => m.mmap(1, 0x2a000), "mmap(pid 1, 0x2a000, 1 page)"],
  [
    (m) => m.mmap(1, 0x2a000, 2, RW, MAP_SHARED | MAP_ANONYMOUS),
    "mmap(pid 1, 0x2a000, 2 pages, MAP_SHARED)",
  ],
  [(m) => m.munmap(1, A), "munmap(pid 1, 0x1b000, 1 page)"],
  [(m) => m.mprotect(1, A, 2, PROT_READ), "mprotect(pid 1, 0x1b000, 2 pages, r-)"],
  [(m) => m.mprotect(1, A, 2, RW), "mprotect(pid 1, 0x1b000, 2 pages, rw)"],
  [(m) => m.mprotect(1, A, 2, PROT_WRITE), "mprotect(pid 1, 0x1b000, 2 pages, -w)"],
  [(m) => m.mprotect(1, A, 2, PROT_NONE), "mprotect(pid 1, 0x1b000, 2 pages, --)"],
  [(m) => m.madvise(1, A, 1, MADV_DONTFORK), "madvise(pid 1, 0x1b000, 1 page, 10)"],
  [(m) => m.mremap(1, A, 1, 0x2a000), "mremap(pid 1, 0x1b000, 1 page, 0x2a000)"],
  [(m) => m.brk(1, 0x555500000010), "brk(pid 1, 0x555500000010)"],
  [(m) => m.mlock(1, A, 2), "mlock(pid 1, 0x1b000, 2 pages)"],
  [(m) => m.munlock(1, A, 2), "munlock(pid 1, 0x1b000, 2 pages)"],
  [(m) => m.clearRefs(1), "clear_refs(pid 1)"],
  [(m) => m.store(1, A, "hi"), 'store(pid 1, 0x1b000, "hi")'],
  [(m) => m.store(1, A, [1, 255]), "store(pid 1, 0x1b000, 0x01ff)"],
  [(m) => m.load(1, A, 1), "load(pid 1, 0x1b000, 1 byte)"],
  [(m) => m.load(1, A, 4), "load(pid 1, 0x1b000, 4 bytes)"],
  [(m) => m.string(1, A + 16), "load(pid 1, 0x1b010, 4080 bytes)"],
  [(m) => m.fork(1), "fork(pid 1), the child is pid 2"],
  [(m) => m.vfork(1), "vfork(pid 1), the child is pid 2"],
  [(m) => m.posix_spawn(1), "execve(pid 2)"],
  [(m) => m.thread(1), "clone(pid 1, CLONE_VM), the thread is pid 2"],
  [(m) => m.execve(1), "execve(pid 1)"],
  [(m) => m.exit(1), "exit(pid 1)"],
  [(m) => (m.driver("nic"), m.open(1, "nic")), "open(pid 1, nic)"],
  [(m) => (m.driver("nic"), m.open(1, "nic", true)), "open(pid 1, nic, O_CLOEXEC)"],
  [(m) => (m.driver("nic"), m.close(1, m.open(1, "nic"))), "close(pid 1, fd 3)"],
  [
    (m) => (m.driver("nic"), m.register(1, m.open(1, "nic"), A, 2, FOLL_WRITE)),
    "register(pid 1, fd 3, 0x1b000, 2 pages)",
  ],
  [(m) => m.setMemlock(1, 7), "setrlimit(pid 1, RLIMIT_MEMLOCK, 7 pages)"],
  [
    (m) => m.get_user_pages(1, A, 1, FOLL_WRITE, "nic"),
    "get_user_pages(pid 1, 0x1b000, 1 page) for nic",
  ],
  [(m) => m.pin_user_pages(1, A, 2, 0, "nic"), "pin_user_pages(pid 1, 0x1b000, 2 pages) for nic"],
  [(m) => m.put_pages("nic"), "put_pages(nic)"],
  [(m) => m.vmsplice(1, A), "vmsplice(pid 1, 0x1b000) into pipe"],
  [(m) => m.pipeRead("p"), "p is read"],
  [
    (m) => (m.get_user_pages(1, A, 1, 1, "nic"), m.deviceWrite("nic", [7])),
    "nic writes 0x07",
  ],
  [
    (m) => (m.get_user_pages(1, A, 1, 1, "nic"), m.deviceRead("nic")),
    "nic reads",
  ],
  [(m) => m.io_uring_register(1, A, 1, "b"), "io_uring_register(pid 1, 0x1b000, 1 page) as b"],
  [(m) => m.ib_umem_get(1, A, 1, false, "mr"), "ib_umem_get(pid 1, 0x1b000, 1 page) for mr"],
  [
    (m) => m.ib_umem_get(1, A, 2, true, "mr"),
    "ib_umem_get(pid 1, 0x1b000, 2 pages, writable) for mr",
  ],
  [(m) => m.directIo(1, A, 2, "read", "t"), "read(pid 1, O_DIRECT, 0x1b000, 2 pages) as t"],
  [(m) => m.directFetched("t"), "t is fetched"],
  [(m) => m.directDelivered("t", 9), "t delivers 9"],
  [(m) => m.process_vm_readv(1, 1, A), "process_vm_readv(pid 1, from pid 1, 0x1b000)"],
  [(m) => m.remoteRead(), "reader copies the page"],
  [(m) => m.mem(1, A), "/proc/1/mem reads at 0x1b000"],
  [(m) => m.mem(1, A, 12), "/proc/1/mem writes 12 at 0x1b000"],
  [(m) => m.ksmScan(), "ksmd scans"],
  [(m) => m.ksmUnmerge(), "ksmd unmerges"],
];
for (const [call, text] of CALLS) {
  test(`story() tells of ${text}`, () => {
    const m = new Lab(anonExclusive);
    m.mmap(1, A, 2);
    call(m);
    assert.is(m.story().at(-1), text);
  });
}

test("sys_mark_nocopy() says what it marks, and whether", () => {
  const m = new Lab(mapcount, { proposals: { sys_mark_nocopy: true } });
  m.mmap(1, A);
  m.sys_mark_nocopy(1, A, 1, false);
  assert.is(m.story().at(-1), "sys_mark_nocopy(pid 1, 0x1b000, 1 page, false)");
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
  m.put_pages("nic");
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
    () => m.mmap(child, 0x2a000, 1, RW, MAP_SHARED, fd),
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
    return [...String(frames(m.state)).matchAll(/ ([rw-]{3})/g)].map(([, bits]) => bits);
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
