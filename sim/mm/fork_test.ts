// Processes: what a child gets by fork, vfork, posix_spawn and as a thread, and what exec and exit leave behind.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  eras,
  Errno,
  FOLL_PIN,
  FOLL_WRITE,
  framesText,
  KernelBug,
  Lab,
  mapcount,
  PAGE_SIZE,
  pageCount,
  PROT_READ,
  PROT_WRITE,
  Signal,
} from "../mod.ts";

const A = 0x7000;

function started(era = mapcount, ...options: [ConstructorParameters<typeof Lab>[1]?]): Lab {
  const m = new Lab(era, ...options);
  m.mmap(1, A);
  m.store(1, A, "old");
  return m;
}

function code(call: () => unknown): string {
  try {
    call();
    return "0";
  } catch (error) {
    if (error instanceof Errno || error instanceof Signal) return error.code;
    throw error;
  }
}

const test = suite("fork");

test("vfork() copies nothing and shares everything; the parent waits until the child execs or exits", () => {
  const m = started();
  const child = m.vfork(1);
  assert.is(framesText(m.state), `pfn 1  refcount 1  mapcount 1  "old"  pid 1+2 rw-`);
  assert.is(code(() => m.store(1, A, "new")), "EAGAIN");
  m.store(child, A, "child's");
  m.execve(child);
  assert.is(m.string(1, A), "child's");
  assert.is(code(() => m.string(child, A)), "SIGSEGV");
});

test("posix_spawn() never write-protects a page: a device keeps its process, in every era", () => {
  for (const era of eras) {
    const m = started(era);
    m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
    m.posix_spawn(1);
    m.store(1, A, "new");
    assert.is(m.deviceRead("nic"), "new", era.name);
  }
});

test("threads share an address space: it dies with the last of them", () => {
  const m = started();
  const thread = m.thread(1);
  m.store(thread, A, "theirs");
  assert.is(m.string(1, A), "theirs");
  m.exit(1);
  assert.is(m.string(thread, A), "theirs");
  m.exit(thread);
  assert.is(m.state.frames.size, 1);
});

test("a thread's fork parts the other threads from their device", () => {
  const m = started();
  const thread = m.thread(1);
  m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
  m.fork(thread);
  m.store(1, A, "new");
  assert.is(m.deviceRead("nic"), "old");
});

test("exec leaves a driver's pins and a descriptor alone, and closes what is close-on-exec", () => {
  const m = started(pageCount);
  m.driver("nic", { watchesMm: false });
  const fd = m.open(1, "nic");
  m.register(1, fd, A, 1, FOLL_WRITE | FOLL_PIN);
  m.execve(1);
  assert.is(m.deviceRead("nic"), "old");
  m.close(1, fd);
  assert.is(m.state.frames.size, 1);

  const closed = started(pageCount);
  closed.driver("nic", { watchesMm: false });
  const cloexec = closed.open(1, "nic", true);
  closed.register(1, cloexec, A, 1, FOLL_WRITE | FOLL_PIN);
  closed.execve(1);
  assert.is(closed.state.frames.size, 1);
});

test("a child that holds the descriptor keeps the pins of its dead parent, unless the driver watches the mm", () => {
  for (const [watchesMm, frames] of [[false, 2], [true, 1]] as const) {
    const m = started(pageCount);
    m.driver("nic", { watchesMm });
    m.register(1, m.open(1, "nic"), A, 1, FOLL_WRITE | FOLL_PIN);
    m.madvise(1, A, 1, 10);
    m.fork(1);
    m.exit(1);
    assert.is(m.state.frames.size, frames);
  }
});

test("a driver that keeps no reference writes into a frame that was freed", () => {
  const m = started();
  m.driver("nic", { references: false });
  m.register(1, m.open(1, "nic"), A, 1, FOLL_WRITE);
  m.deviceWrite("nic", "fine");
  m.munmap(1, A);
  assert.throws(() => m.deviceWrite("nic", "x"), (error: unknown) => error instanceof KernelBug);
});

test("a driver charges what it pins, refuses above the limit, and gives back on close", () => {
  const m = new Lab(pageCount);
  m.mmap(1, A, 4);
  m.driver("nic");
  m.setMemlock(1, 3);
  const fd = m.open(1, "nic");
  m.register(1, fd, A, 2, FOLL_WRITE | FOLL_PIN);
  assert.is(code(() => m.register(1, fd, A, 2, FOLL_WRITE | FOLL_PIN)), "ENOMEM");
  assert.is(m.mm(1).pinnedVm, 2);
  m.close(1, fd);
  assert.is(m.mm(1).pinnedVm, 0);
  assert.is(m.state.holds.size, 0);
  assert.is(code(() => m.register(1, fd, A, 1, 0)), "EBADF");
});

test("a driver that watches lets go of the dead address space's pages, and of no other's", () => {
  const m = started(pageCount);
  m.driver("nic");
  const fd = m.open(1, "nic");
  m.register(1, fd, A, 1, FOLL_WRITE | FOLL_PIN);
  const child = m.fork(1);
  m.register(child, fd, A, 1, FOLL_WRITE | FOLL_PIN);
  m.exit(1);
  m.store(child, A, "child's");
  assert.is(m.deviceRead("nic"), "child's");
  assert.is(m.mm(child).pinnedVm, 1);
  assert.is(m.state.frames.size, 2);
});

test("register() takes all pages or none", () => {
  const m = started(pageCount);
  m.driver("nic");
  const fd = m.open(1, "nic");
  assert.is(code(() => m.register(1, fd, A, 2, FOLL_WRITE | FOLL_PIN)), "EFAULT");
  assert.is(m.state.frames.get(1)!.refcount, 1);
  assert.is(code(() => m.open(1, "nic")), "EBUSY");
});

test("a driver's hardware page is not given to a child, if the driver says so", () => {
  for (const [keepsHardwarePage, answer] of [[true, "SIGSEGV"], [false, "0"]] as const) {
    const m = started();
    m.driver("nic", { keepsHardwarePage });
    const D = m.mmap(1, 0x9000, 1, PROT_READ | PROT_WRITE, 1, m.open(1, "nic"));
    m.store(1, D, "doorbell");
    const child = m.fork(1);
    assert.is(code(() => m.store(child, D, "ring")), answer);
  }
});

test("VM_COPYONFORK: get_user_pages would have to hold the mmap_lock for write, and then works", () => {
  const naive = new Lab(mapcount, { proposals: { VM_COPYONFORK: "held for read" } });
  naive.mmap(1, A, 1); // a whole mapping: nothing to split, and a change of its flags all the same
  assert.throws(
    () => naive.get_user_pages(1, A, 1, FOLL_WRITE, "nic"),
    /changes mappings, and the mmap_lock is held for read only/,
  );
  const m = started(mapcount, { proposals: { VM_COPYONFORK: "held for write" } });
  m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
  const child = m.fork(1);
  m.store(1, A, "new");
  assert.is([m.deviceRead("nic"), m.string(child, A)].join(), "new,old");
});

test("FOLL_FORCE writes a private page that its process may only read, and leaves it so", () => {
  for (const era of eras) {
    const m = started(era);
    const child = m.fork(1);
    m.mprotect(1, A, 1, PROT_READ);
    assert.is(code(() => m.get_user_pages(1, A, 1, FOLL_WRITE, "ptrace")), "EFAULT");
    m.get_user_pages(1, A, 1, FOLL_WRITE | 1 << 3, "ptrace");
    m.deviceWrite("ptrace", "poked");
    assert.is([m.string(1, A), m.string(child, A)].join(), "poked,old", era.name);
    assert.is(code(() => m.store(1, A, "x")), "SIGSEGV");
  }
});

test("fork() without a frame for a pinned page fails, and the child is gone", () => {
  const m = new Lab(pageCount, { memory: 3 });
  m.mmap(1, A, 3);
  for (let page = 0; page < 3; page++) m.store(1, A + page * PAGE_SIZE, "abc"[page]!);
  m.pin_user_pages(1, A + PAGE_SIZE, 1, FOLL_WRITE, "nic");
  assert.throws(
    () => m.fork(1),
    (error: unknown) => error instanceof Errno && error.code === "ENOMEM",
  );
  assert.equal([...m.state.tasks.keys()], [1]);
  assert.is(m.state.mms.size, 1);
  assert.is(
    framesText(m.state),
    `
pfn 1  refcount 1     mapcount 1  "a"  pid 1 0x7000 r--
pfn 2  refcount 1025  mapcount 1  "b"  pid 1 0x8000 rw-, nic (pin)
pfn 3  refcount 1     mapcount 1  "c"  pid 1 0x9000 rw-
`.trim(),
    "what fork came by before the pinned page stays write-protected",
  );
  m.put_user_pages("nic");
  m.fork(1);
});

test("a store without a frame ends the process, and get_user_pages answers ENOMEM", () => {
  const m = new Lab(pageCount, { memory: 1 });
  m.mmap(1, A, 2);
  m.store(1, A, "x");
  const killed = (error: unknown) => error instanceof Signal && error.code === "SIGKILL";
  assert.throws(() => m.store(1, A + PAGE_SIZE, "y"), killed);
  const enomem = (error: unknown) => error instanceof Errno && error.code === "ENOMEM";
  assert.throws(() => m.get_user_pages(1, A + PAGE_SIZE, 1, FOLL_WRITE, "nic"), enomem);
  assert.throws(() => m.brk(1, 0x555500001000) && m.store(1, 0x555500000000, "z"), killed);
});

test.run();
