// What is refused, and in which words: the call, the address in hex, the state that made it refuse.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  anonExclusive,
  Errno,
  errnos,
  FOLL_WRITE,
  Lab,
  type LabOptions,
  largeFolio,
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_WIPEONFORK,
  MAP_ANONYMOUS,
  MAP_SHARED,
  mapcount,
  PROT_GROWSDOWN,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
  releaseNamed,
  Signal,
  VM_READ,
} from "./mod.ts";
import { assertRuns } from "./mm/fork.ts";

const A = 0x1b000;
const RW = PROT_READ | PROT_WRITE;
const MAPS = "0x1b000-0x1d000 rw-p, 0x1e000-0x1f000 r--p";

/** Process 1 maps two pages, a hole of one, and one that may only be read. */
function lab(era = anonExclusive, options: LabOptions = {}): Lab {
  const m = new Lab(era, options);
  m.mmap(1, A, 2);
  m.mmap(1, A + 0x3000, 1, PROT_READ);
  return m;
}

/** `EFAULT: get_user_pages(…): …` */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof Errno || error instanceof Signal) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "0";
}

const test = suite("errno");

const SAID: [call: (m: Lab) => unknown, said: string][] = [
  [(m) => m.mmap(1, A + 1), "EINVAL: mmap(0x1b001): the address is not page-aligned"],
  [(m) => m.mmap(1, 0x2a000, 0), "EINVAL: mmap: the length is 0"],
  [(m) => m.mmap(1, 0x1a000, 2), `EEXIST: mmap(0x1a000): already mapped: ${MAPS}`],
  [(m) => m.mmap(1, 0x1c000, 1), `EEXIST: mmap(0x1c000): already mapped: ${MAPS}`],
  [(m) => m.munmap(1, A, 0), "EINVAL: munmap: the length is 0"],
  [
    (m) => m.mmap(1, 2 ** 47 - 4096),
    "ENOMEM: mmap: the range ends at 0x800000000000, the process's addresses at 0x7ffffffff000",
  ],
  [
    (m) => m.munmap(1, A, 2 ** 36),
    "EINVAL: munmap: the range ends at 0x100000001b000, the process's addresses at 0x7ffffffff000",
  ],
  [
    (m) => m.mremap(1, A, 1, 2 ** 47),
    "EINVAL: mremap: the range ends at 0x800000001000, the process's addresses at 0x7ffffffff000",
  ],
  [
    (m) => m.mprotect(1, A + 8, 1, RW),
    "EINVAL: mprotect(0x1b008): the address is not page-aligned",
  ],
  [(m) => m.mprotect(1, A, 1, 0x1a0), "EINVAL: mprotect: this kernel has no protection 0x1a0"],
  [
    (m) => m.mprotect(1, A, 3, PROT_READ),
    "ENOMEM: mprotect: nothing is mapped at 0x1d000: 0x1b000-0x1d000 r--p, 0x1e000-0x1f000 r--p",
  ],
  [
    (m) => m.mprotect(1, A + 0x4000, 1, PROT_READ | PROT_GROWSDOWN),
    `ENOMEM: mprotect: nothing is mapped in the range: ${MAPS}`,
  ],
  [
    (m) => m.mprotect(1, 0x1a000, 1, PROT_READ | PROT_GROWSDOWN),
    `ENOMEM: mprotect: nothing is mapped in the range: ${MAPS}`,
  ],
  [
    (m) => m.mprotect(1, 0x1c000, 1, PROT_READ | PROT_GROWSDOWN),
    "EINVAL: mprotect: the mapping at 0x1b000 does not grow so",
  ],
  [
    (m) => {
      const vma = { ...m.mm(1).vmas[0]!, start: 0x80000, end: 0x81000, flags: VM_READ };
      m.emit({ type: "vmas", mm: m.mm(1).id, index: 2, removed: 0, vmas: [vma] });
      m.mprotect(1, 0x80000, 1, PROT_READ | PROT_WRITE | 4);
    },
    "EACCES: mprotect: the mapping may not be given 0x7",
  ],
  [
    (m) => m.mremap(1, A + 1, 1, 0x2a000),
    "EINVAL: mremap(0x1b001): the address is not page-aligned",
  ],
  [(m) => m.mremap(1, A, 1, 0x2a001), "EINVAL: mremap(0x2a001): the address is not page-aligned"],
  [(m) => m.mremap(1, A, 0, 0x2a000), "EINVAL: mremap: the length is 0"],
  [(m) => m.mremap(1, A, 2, 0x1c000), "EINVAL: mremap: the ranges overlap"],
  [(m) => m.mremap(1, 0x1d000, 1, 0x2a000), "EFAULT: mremap: nothing is mapped at 0x1d000"],
  [
    (m) => m.mremap(1, A, 3, 0x2a000),
    `EFAULT: mremap: the range is not within one mapping: ${MAPS}`,
  ],
  [
    (m) => m.madvise(1, A + 1, 1, MADV_DONTFORK),
    "EINVAL: madvise(0x1b001): the address is not page-aligned",
  ],
  [(m) => m.madvise(1, A, 1, 999), "EINVAL: madvise: 999 is no advice"],
  [
    (m) => m.madvise(1, A, 3, MADV_DONTNEED),
    `ENOMEM: madvise(0x1b000-0x1e000): not all mapped: ${MAPS}`,
  ],
  [
    (m) => m.madvise(1, A, 3, MADV_POPULATE_READ),
    `ENOMEM: madvise(0x1b000-0x1e000): not all mapped: ${MAPS}`,
  ],
  [
    (m) => m.madvise(1, 0x1e000, 1, MADV_POPULATE_WRITE),
    "EINVAL: madvise(0x1e000, 23): the mapping does not allow it",
  ],
  [
    (m) => m.madvise(1, m.mmap(1, 0x2a000, 1, RW, MAP_SHARED | MAP_ANONYMOUS), 1, MADV_WIPEONFORK),
    "EINVAL: madvise(0x2a000, 18): the mapping is not private memory",
  ],
  [
    (m) => (m.mlock(1, A, 1), m.madvise(1, A, 1, MADV_DONTNEED)),
    "EINVAL: madvise(0x1b000, 4): the mapping is locked, or a device's",
  ],
  [
    (m) => m.mlock(1, A, 3),
    "ENOMEM: mlock: nothing is mapped at 0x1d000: " +
    "0x1b000-0x1d000 rw-p, 0x1e000-0x1f000 r--p",
  ],
  [(m) => m.munlock(1, 0x1d000, 1), `ENOMEM: munlock: nothing is mapped at 0x1d000: ${MAPS}`],
  [(m) => (m.setMemlock(1, 1), m.mlock(1, A, 2)), "ENOMEM: mlock: 2 pages, RLIMIT_MEMLOCK is 1"],
  [
    (m) => (m.mprotect(1, A, 1, PROT_NONE), m.mlock(1, A, 1)),
    "ENOMEM: populate(0x1b000): no readable VMA covers this address",
  ],
  [
    (m) => m.get_user_pages(1, 0x1d000, 1, 0, "nic"),
    `EFAULT: get_user_pages(0x1d000): no readable VMA covers this address: ${MAPS}`,
  ],
  [
    (m) => m.get_user_pages(1, 0x1e000, 1, FOLL_WRITE, "nic"),
    `EFAULT: get_user_pages(0x1e000): no writable VMA covers this address: ${MAPS}`,
  ],
  [
    (m) => m.io_uring_register(1, A, 3, "buffer"),
    "EFAULT: register(0x1b000, 3 pages): only 2 pages can be had",
  ],
  [(m) => m.ib_umem_get(1, A, 3, true, "mr"), "EFAULT: ib_umem_get(0x1b000): only 2 pages"],
  [
    (m) => (m.io_uring_register(1, A, 1, "buffer"), m.io_uring_register(1, A, 2, "buffer")),
    "EBUSY: register(0x1b000, 2 pages): buffer is in use",
  ],
  [
    (m) => (m.process_vm_readv(1, 1, A), m.process_vm_readv(1, 1, A)),
    "EBUSY: process_vm_readv: reader is at work",
  ],
  [
    (m) => m.mem(1, 0x1d004),
    `EIO: get_user_pages(0x1d000): no readable VMA covers this address: ${MAPS}`,
  ],
  [(m) => m.fork(9), "ESRCH: pid 9: no such process, alive: 1"],
  [(m) => (m.fork(1), m.exit(9)), "ESRCH: pid 9: no such process, alive: 1, 2"],
  [(m) => (m.exit(1), m.mm(1)), "ESRCH: pid 1: no such process, alive: none"],
  [(m) => (m.vfork(1), m.exit(1)), "EAGAIN: pid 1 waits in vfork until pid 2 execs or exits"],
  [(m) => m.open(1, "nic"), "ENXIO: open(nic): no such device is plugged in"],
  [(m) => m.close(1, 3), "EBADF: pid 1 has no open descriptor 3"],
  [(m) => m.sys_mark_nocopy(1, A, 1, true), "ENOSYS: sys_mark_nocopy: no such call"],
  [
    (m) => m.store(1, 0x1d010, "x"),
    `SIGSEGV: store(pid 1, 0x1d010): no VMA covers this address: pid 1 maps ${MAPS}`,
  ],
  [
    (m) => m.store(1, 0x1e010, "x"),
    `SIGSEGV: store(pid 1, 0x1e010): the VMA does not allow a store: pid 1 maps ${MAPS}`,
  ],
];
for (const [i, [call, said]] of SAID.entries()) {
  test(`refused, ${i + 1}: ${said}`, () => assert.is(refusal(() => call(lab())), said));
}

test("a process that maps nothing is told so", () => {
  const m = new Lab(mapcount);
  assert.is(
    refusal(() => m.load(1, A, 1)),
    "SIGSEGV: load(pid 1, 0x1b000): no VMA covers this address: pid 1 maps nothing",
  );
});

test("past what backs a mapping, a store is SIGBUS", () => {
  const m = lab();
  m.driver("nic");
  const D = m.mmap(1, 0x2a000, 2, RW, MAP_SHARED, m.open(1, "nic"));
  assert.is(
    refusal(() => m.store(1, D + 0x1010, "x")),
    "SIGBUS: store(pid 1, 0x2b010): the mapping reaches past what backs it",
  );
  assert.is(
    refusal(() => m.get_user_pages(1, D, 1, 0, "other")),
    `EFAULT: get_user_pages(0x2a000): the VMA is a device's own memory: ${MAPS}, 0x2a000-0x2c000 rw-s`,
  );
});

test("without a frame left, a store is SIGKILL, and the others' memory stays as it was", () => {
  const m = lab(anonExclusive, { memory: 1 });
  m.store(1, A, "one");
  assert.is(
    refusal(() => m.store(1, A + 4096, "x")),
    "SIGKILL: store(pid 1): alloc_page: all 1 frames are in use",
  );
  assert.is(m.string(1, A), "one");
  assert.is(
    refusal(() => m.get_user_pages(1, A + 4096, 1, FOLL_WRITE, "nic")),
    "ENOMEM: alloc_page: all 1 frames are in use",
  );
});

test("a driver says which limit or which page it was", () => {
  const m = lab();
  m.driver("nic");
  const fd = m.open(1, "nic");
  m.setMemlock(1, 3);
  m.register(1, fd, A, 2, FOLL_WRITE);
  assert.is(
    refusal(() => m.register(1, fd, A, 2, FOLL_WRITE)),
    "ENOMEM: register(nic, 2 pages): 2 pages pinned, RLIMIT_MEMLOCK is 3",
  );
  m.setMemlock(1, 9);
  assert.is(
    refusal(() => m.register(1, fd, A, 3, FOLL_WRITE)),
    "EFAULT: register(nic): only 2 of 3 pages are mapped",
  );
  assert.is(refusal(() => m.open(1, "nic")), "EBUSY: open(nic): the device is open");
});

test("where files are refused, io_uring says so", () => {
  const m = new Lab(releaseNamed("5.4.59").era);
  m.mmap(1, A, 1, RW, MAP_SHARED | MAP_ANONYMOUS);
  assert.is(
    refusal(() => m.io_uring_register(1, A, 1, "buffer")),
    "EOPNOTSUPP: register(0x1b000, 1 pages): a file or shared memory backs it",
  );
  assert.is(m.state.holds.size, 0);
});

test("sys_mark_nocopy() names the hole", () => {
  const m = lab(largeFolio, { proposals: { sys_mark_nocopy: true } });
  assert.is(
    refusal(() => m.sys_mark_nocopy(1, A + 4096, 2, true)),
    "ENOMEM: sys_mark_nocopy: nothing is mapped at 0x1d000: " +
      "0x1b000-0x1c000 rw-p, 0x1c000-0x1d000 rw-p, 0x1e000-0x1f000 r--p",
  );
});

test("an Errno has Linux's number, and its name for whoever prints it", () => {
  const m = lab();
  assert.throws(() => assertRuns(m, m.vfork(1) - 1), (error: unknown) => {
    assert.ok(error instanceof Errno);
    assert.equal([error.name, error.errno, errnos.EAGAIN], ["EAGAIN", 11, 11]);
    return true;
  });
});

test.run();
