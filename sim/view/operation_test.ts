// How each operation reads in stories.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  anonExclusive,
  FOLL_WRITE,
  Lab,
  MADV_DONTFORK,
  MADV_FREE,
  MAP_ANONYMOUS,
  MAP_GROWSDOWN,
  MAP_PRIVATE,
  MAP_SHARED,
  mapcount,
  operationText,
  PROT_DONTCOPY,
  PROT_EXEC,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../mod.ts";

const A = 0x1b000;
const RW = PROT_READ | PROT_WRITE;

const test = suite("operation");

const CALLS: [call: (m: Lab) => unknown, text: string][] = [
  [(m) => m.mmap(1, 0x2a000), "mmap(pid 1, 0x2a000, 1 page)"],
  [
    (m) => m.mmap(1, 0x2a000, 2, RW, MAP_SHARED | MAP_ANONYMOUS),
    "mmap(pid 1, 0x2a000, 2 pages, MAP_SHARED)",
  ],
  [(m) => m.munmap(1, A), "munmap(pid 1, 0x1b000, 1 page)"],
  [(m) => m.mprotect(1, A, 2, PROT_READ), "mprotect(pid 1, 0x1b000, 2 pages, PROT_READ)"],
  [
    (m) => m.mprotect(1, A, 2, RW),
    "mprotect(pid 1, 0x1b000, 2 pages, PROT_READ | PROT_WRITE)",
  ],
  [(m) => m.mmap(1, 0x2a000, 1, PROT_NONE), "mmap(pid 1, 0x2a000, 1 page, PROT_NONE)"],
  [
    (m) => m.mmap(1, 0x2a000, 1, PROT_READ, MAP_PRIVATE | MAP_GROWSDOWN),
    "mmap(pid 1, 0x2a000, 1 page, PROT_READ, MAP_GROWSDOWN)",
  ],
  [(m) => m.mprotect(1, A, 2, PROT_WRITE), "mprotect(pid 1, 0x1b000, 2 pages, PROT_WRITE)"],
  [(m) => m.mprotect(1, A, 2, PROT_NONE), "mprotect(pid 1, 0x1b000, 2 pages, PROT_NONE)"],
  [(m) => m.madvise(1, A, 1, MADV_DONTFORK), "madvise(pid 1, 0x1b000, 1 page, MADV_DONTFORK)"],
  [(m) => m.madvise(1, A, 1, MADV_FREE), "madvise(pid 1, 0x1b000, 1 page, MADV_FREE)"],
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
  [(m) => m.posix_spawn(1), "posix_spawn(pid 1), the child is pid 2"],
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
  [(m) => m.put_user_pages("nic"), "put_user_pages(nic)"],
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

test("operationText() writes names for numbers, a number where there is none; a scene's line; a bare name", () => {
  const args = { pid: 1, addr: A, pages: 1, advice: 999 };
  const op = { type: "op", call: "madvise", args } as const;
  assert.is(operationText(op), "madvise(pid 1, 0x1b000, 1 page, 999)");
  const protects = (prot: number) =>
    operationText({ type: "op", call: "mprotect", args: { prot } });
  assert.is(protects(PROT_READ | PROT_DONTCOPY), "mprotect(PROT_READ | PROT_DONTCOPY)");
  assert.is(protects(PROT_EXEC | 0x40000000), "mprotect(PROT_EXEC | 0x40000000)");
  assert.is(operationText({ ...op, line: "P0 madv a0 1 x" }), "P0 madv a0 1 x");
  assert.is(operationText({ type: "op", call: "reboot", args: {} }), "reboot");
});

test.run();
