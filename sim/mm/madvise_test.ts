// madvise and mprotect: what they answer, and what they do to mappings; the table of errors is Linux's.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  Errno,
  KernelBug,
  Lab,
  type LabOptions,
  MADV_COLD,
  MADV_COPYONFORK,
  MADV_DOFORK,
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_FREE,
  MADV_KEEPONFORK,
  MADV_MERGEABLE,
  MADV_NORMAL,
  MADV_PAGEOUT,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_UNMERGEABLE,
  MADV_WIPEONFORK,
  MAP_ANONYMOUS,
  MAP_DONTCOPY,
  MAP_GROWSDOWN,
  MAP_PRIVATE,
  MAP_SHARED,
  mapcount,
  maps,
  PAGE_SIZE,
  PROT_ALWAYSCOPY,
  PROT_DONTCOPY,
  PROT_GROWSDOWN,
  PROT_GROWSUP,
  PROT_NONE,
  PROT_READ,
  PROT_SEM,
  PROT_WRITE,
  releaseNamed,
  VM_DONTCOPY,
  VM_DONTEXPAND,
  VM_IO,
  VM_MAYREAD,
  VM_MIXEDMAP,
  VM_PFNMAP,
  VM_READ,
} from "../mod.ts";
import { newObject } from "./filemap.ts";
import { do_madvise } from "./madvise.ts";
import { vm_mmap } from "./mmap.ts";

const A = 0x10000;
const RW = PROT_READ | PROT_WRITE;

/** Process 1 maps three pages, a hole of one, and one more. */
function lab(options: LabOptions = {}): Lab {
  const m = new Lab(mapcount, options);
  m.mmap(1, A, 3);
  m.mmap(1, A + 4 * PAGE_SIZE, 1);
  return m;
}

function answer(call: () => void): string {
  try {
    call();
    return "0";
  } catch (error) {
    if (error instanceof Errno) return error.code;
    throw error;
  }
}

const test = suite("madvise");

// From the start of what is mapped: offset and length in bytes.
const MADVISE: [what: string, offset: number, length: number, advice: number, answer: string][] = [
  ["DONTFORK of a page", 0, PAGE_SIZE, MADV_DONTFORK, "0"],
  ["DOFORK of a page", 0, PAGE_SIZE, MADV_DOFORK, "0"],
  ["KEEPONFORK of a page", 0, PAGE_SIZE, MADV_KEEPONFORK, "0"],
  ["an address that is not aligned", 1, PAGE_SIZE, MADV_DONTFORK, "EINVAL"],
  ["length 0", 0, 0, MADV_DONTFORK, "0"],
  ["length 1", 0, 1, MADV_DONTFORK, "0"],
  ["length -1", 0, -1, MADV_DONTFORK, "EINVAL"],
  ["a range that wraps", 0, Number.MAX_SAFE_INTEGER, MADV_DONTFORK, "EINVAL"],
  ["an unknown advice", 0, PAGE_SIZE, 999, "EINVAL"],
  ["a hole in the range", 0, 5 * PAGE_SIZE, MADV_DONTFORK, "ENOMEM"],
  ["nothing mapped at all", 8 * PAGE_SIZE, PAGE_SIZE, MADV_DONTFORK, "ENOMEM"],
];
for (const [what, offset, length, advice, expected] of MADVISE) {
  test(`madvise() of ${what}: ${expected}`, () => {
    const m = lab();
    assert.is(answer(() => m.run(do_madvise(m, m.mm(1), A + offset, length, advice))), expected);
  });
}

test("a byte of DONTFORK marks its whole page, and none marks nothing", () => {
  const m = lab();
  m.run(do_madvise(m, m.mm(1), A, 0, MADV_DONTFORK));
  assert.is(m.mm(1).vmas.length, 2);
  m.run(do_madvise(m, m.mm(1), A, 1, MADV_DONTFORK));
  assert.is(
    String(maps(m.state, 1)),
    `
0x10000-0x11000 rw-p  DONTCOPY
0x11000-0x13000 rw-p
0x14000-0x15000 rw-p`.trim(),
  );
});

test("a hole is an error at the end: what is mapped on both sides has taken the advice", () => {
  const m = lab();
  assert.is(answer(() => m.madvise(1, A + 2 * PAGE_SIZE, 3, MADV_DONTFORK)), "ENOMEM");
  assert.is(
    String(maps(m.state, 1)),
    `
0x10000-0x12000 rw-p
0x12000-0x13000 rw-p  DONTCOPY
0x14000-0x15000 rw-p  DONTCOPY`.trim(),
  );
});

test("DONTFORK of every second page of 64 makes 64 mappings of one, and DOFORK makes one of them again", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 64);
  m.store(1, A, "x");
  for (let i = 0; i < 64; i += 2) m.madvise(1, A + i * PAGE_SIZE, 1, MADV_DONTFORK);
  assert.is(m.mm(1).vmas.length, 64);
  for (let i = 0; i < 64; i += 2) m.madvise(1, A + i * PAGE_SIZE, 1, MADV_DOFORK);
  assert.is(m.mm(1).vmas.length, 1);
});

test("DONTNEED drops the pages: the next load finds zeros", () => {
  const m = lab();
  m.store(1, A, "x");
  m.madvise(1, A, 1, MADV_DONTNEED);
  assert.is(m.string(1, A), "");
});

test("the flag of a mapping goes with it: what is mapped there next is given to a child", () => {
  const m = lab();
  m.madvise(1, A, 1, MADV_DONTFORK);
  m.munmap(1, A, 1);
  m.mmap(1, A, 1);
  assert.is(m.mm(1).vmas[0]!.end, A + 3 * PAGE_SIZE);
});

test("WIPEONFORK is for private memory alone; DONTFORK of shared memory is accepted", () => {
  const m = lab();
  const S = m.mmap(1, 0x80000, 1, RW, MAP_SHARED | MAP_ANONYMOUS);
  assert.is(answer(() => m.madvise(1, S, 1, MADV_WIPEONFORK)), "EINVAL");
  assert.is(answer(() => m.madvise(1, S, 1, MADV_DONTFORK)), "0");
});

test("a driver's mapping takes DONTFORK and refuses DOFORK", () => {
  const m = lab();
  m.driver("nic");
  const D = m.mmap(1, 0x80000, 1, RW, MAP_SHARED, m.open(1, "nic"));
  assert.is(answer(() => m.madvise(1, D, 1, MADV_DONTFORK)), "0");
  assert.is(answer(() => m.madvise(1, D, 1, MADV_DOFORK)), "EINVAL");
  assert.is(answer(() => m.get_user_pages(1, D, 1, 0, "other")), "EFAULT");
});

test("MADV_DOFORK is refused where a driver may have set VM_DONTCOPY: on VM_IO, and in 7.2 on all of VM_SPECIAL", () => {
  const flags = { VM_IO, VM_PFNMAP, VM_DONTEXPAND, VM_MIXEDMAP };
  const refused = (kernel: string) =>
    Object.entries(flags).filter(([, flags]) => {
      const m = new Lab(releaseNamed(kernel).era);
      const backing = { object: newObject(m, "device", 1), flags: flags | VM_DONTCOPY };
      m.run(vm_mmap(m, m.mm(1), 0x80000, 1, RW, MAP_SHARED, backing));
      return answer(() => m.madvise(1, 0x80000, 1, MADV_DOFORK)) === "EINVAL";
    }).map(([name]) => name);
  for (const kernel of ["2.6.18", "6.12.107", "large_folio"]) {
    assert.equal(refused(kernel), ["VM_IO"]);
  }
  assert.equal(refused("7.2.13"), Object.keys(flags));
});

test("pieces that the parent could join again stay apart in the child", () => {
  const m = lab();
  for (const page of [0, 1, 2]) m.store(1, A + page * PAGE_SIZE, "x");
  m.mprotect(1, A + PAGE_SIZE, 1, PROT_READ);
  const child = m.fork(1);
  m.mprotect(1, A + PAGE_SIZE, 1, RW);
  m.mprotect(child, A + PAGE_SIZE, 1, RW);
  assert.is(m.mm(1).vmas.length, 2);
  assert.is(m.mm(child).vmas.length, 4);
});

const MPROTECT: [what: string, offset: number, pages: number, prot: number, answer: string][] = [
  ["a page", 0, 1, PROT_READ, "0"],
  ["no page", 0, 0, PROT_READ, "0"],
  ["an address that is not aligned", 1, 1, PROT_READ, "EINVAL"],
  ["a hole", 0, 4, PROT_READ, "ENOMEM"],
  ["a bit that this kernel does not know", 0, 1, PROT_DONTCOPY, "EINVAL"],
  ["PROT_SEM, which says nothing here", 0, 1, PROT_READ | PROT_SEM, "0"],
  ["PROT_GROWSDOWN of a hole", 8 * PAGE_SIZE, 1, PROT_READ | PROT_GROWSDOWN, "ENOMEM"],
  ["both GROWS bits", 0, 1, PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP, "EINVAL"],
  ["PROT_GROWSDOWN, where nothing grows", 0, 1, PROT_READ | PROT_GROWSDOWN, "EINVAL"],
];
for (const [what, offset, pages, prot, expected] of MPROTECT) {
  test(`mprotect() of ${what}: ${expected}`, () => {
    const m = lab();
    assert.is(answer(() => m.mprotect(1, A + offset, pages, prot)), expected);
  });
}

test("mprotect() to a permission whose MAY bit is missing: EACCES, and nothing changed", () => {
  const m = lab();
  const vma = { ...m.mm(1).vmas[0]!, start: 0x80000, end: 0x81000, flags: VM_READ | VM_MAYREAD };
  m.emit({ type: "vmas", mm: m.mm(1).id, index: m.mm(1).vmas.length, removed: 0, vmas: [vma] });
  assert.is(answer(() => m.mprotect(1, 0x80000, 1, RW)), "EACCES");
  assert.is(answer(() => m.mprotect(1, 0x80000, 1, PROT_NONE)), "0");
  assert.is(String(maps(m.state, 1)).split("\n").at(-1), "0x80000-0x81000 ---p");
});

test("MAP_DONTCOPY marks a mapping on a kernel that was patched, and says nothing on any other", () => {
  for (const [proposals, mark] of [[{ MAP_DONTCOPY: true }, "  DONTCOPY"], [{}, ""]] as const) {
    for (const flags of [MAP_DONTCOPY, 0]) {
      const m = new Lab(mapcount, { proposals });
      m.mmap(1, A, 1, RW, MAP_PRIVATE | MAP_ANONYMOUS | flags);
      assert.is(String(maps(m.state, 1)), `0x10000-0x11000 rw-p${flags ? mark : ""}`);
    }
  }
});

test("PROT_GROWSDOWN only finds where the range begins", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 4, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN);
  m.mprotect(1, A + 2 * PAGE_SIZE, 1, PROT_READ | PROT_GROWSDOWN);
  assert.is(
    String(maps(m.state, 1)),
    `
0x10000-0x13000 r--p  GROWSDOWN
0x13000-0x14000 rw-p  GROWSDOWN`.trim(),
  );
});

test("a bit of a protection that the kernel does not know: mmap ignores it, mprotect refuses it", () => {
  for (const release of ["2.6.12", "7.2.13"]) {
    const m = new Lab(releaseNamed(release).era);
    m.mmap(1, A, 1, RW | PROT_DONTCOPY);
    assert.is(String(maps(m.state, 1)), "0x10000-0x11000 rw-p", release);
    m.store(1, A, "x");
    assert.is(m.string(m.fork(1), A), "x", release);
    assert.is(answer(() => m.mprotect(1, A, 1, RW | PROT_DONTCOPY)), "EINVAL", release);
  }
});

test("the patch of 2005: PROT_DONTCOPY by mprotect keeps a page from the child, and leaving it out gives it back", () => {
  const m = lab({ proposals: { PROT_DONTCOPY: true } });
  m.store(1, A, "x");
  m.mprotect(1, A, 1, RW | PROT_DONTCOPY);
  assert.is(String(maps(m.state, 1)).split("\n")[0], "0x10000-0x11000 rw-p  DONTCOPY");
  assert.throws(() => m.string(m.fork(1), A), /no VMA covers this address/);
  m.mprotect(1, A, 1, RW);
  assert.is(m.string(m.fork(1), A), "x");
});

test("the proposals that fork copies for: the child has its own at once, and the device its process", () => {
  const proposals = { PROT_ALWAYSCOPY: true, MADV_COPYONFORK: true };
  for (
    const mark of [
      (m: Lab) => m.mprotect(1, A, 1, RW | PROT_ALWAYSCOPY),
      (m: Lab) => m.madvise(1, A, 1, MADV_COPYONFORK),
    ]
  ) {
    const m = lab({ proposals });
    m.store(1, A, "old");
    mark(m);
    assert.is(String(maps(m.state, 1)).split("\n")[0], "0x10000-0x11000 rw-p  COPYONFORK");
    m.get_user_pages(1, A, 1, 1, "nic");
    const child = m.fork(1);
    m.store(1, A, "new");
    assert.equal([m.deviceRead("nic"), m.string(child, A)], ["new", "old"]);
    assert.is(answer(() => mark(lab())), "EINVAL", "no kernel has it");
  }
});

test("mprotect() takes back what mprotect() has set, and not what madvise() has", () => {
  const marks = (proposals: LabOptions["proposals"], mark: (m: Lab) => void) => {
    const m = lab({ proposals });
    mark(m);
    m.mprotect(1, A, 1, PROT_READ);
    return String(maps(m.state, 1)).split("\n")[0];
  };
  const always = (m: Lab) => m.mprotect(1, A, 1, RW | PROT_ALWAYSCOPY);
  const advised = (m: Lab) => m.madvise(1, A, 1, MADV_COPYONFORK);
  const dontcopy = (m: Lab) => m.mprotect(1, A, 1, RW | PROT_DONTCOPY);
  const dontfork = (m: Lab) => m.madvise(1, A, 1, MADV_DONTFORK);
  assert.is(marks({ PROT_ALWAYSCOPY: true }, always), "0x10000-0x11000 r--p");
  assert.is(marks({ MADV_COPYONFORK: true }, advised), "0x10000-0x11000 r--p  COPYONFORK");
  assert.is(marks({ PROT_DONTCOPY: true }, dontcopy), "0x10000-0x11000 r--p");
  assert.is(marks({}, dontfork), "0x10000-0x11000 r--p  DONTCOPY");
});

test("advice that changes no mapping holds the lock for read, with other readers, since 2.6.22", () => {
  const waits = (kernel: string, advice: number) => {
    const m = new Lab(releaseNamed(kernel).era);
    m.mmap(1, A);
    m.op("a reader");
    m.locked(
      m.mm(1),
      "read",
      (function* () {
        yield;
      })(),
    ).next();
    try {
      m.madvise(1, A, 1, advice);
      return false;
    } catch (error) {
      if (!(error instanceof KernelBug)) throw error;
      assert.match(error.message, /waits for mmap_lock of mm 1, held for read by a reader/);
      return true;
    }
  };
  const going = [MADV_DONTNEED, MADV_FREE, MADV_COLD, MADV_PAGEOUT];
  const changing = [MADV_NORMAL, MADV_DONTFORK, MADV_DOFORK, MADV_WIPEONFORK, MADV_KEEPONFORK];
  const ksm = [MADV_MERGEABLE, MADV_UNMERGEABLE];
  for (const kernel of ["2.6.12", "2.6.21", "2.6.22", "mapcount", "large_folio"]) {
    const old = kernel === "2.6.12" || kernel === "2.6.21";
    for (const advice of going) assert.is(waits(kernel, advice), old, `${kernel}, ${advice}`);
    for (const advice of [...changing, ...ksm]) assert.ok(waits(kernel, advice), `${advice}`);
  }
  for (const advice of [MADV_POPULATE_READ, MADV_POPULATE_WRITE]) {
    assert.is(waits("6.1", advice), false);
  }
});

test("sys_mark_nocopy() marks and takes back, and is ENOSYS where nobody wrote it", () => {
  const m = lab({ proposals: { sys_mark_nocopy: true } });
  m.sys_mark_nocopy(1, A, 1, true);
  assert.is(String(maps(m.state, 1)).split("\n")[0], "0x10000-0x11000 rw-p  DONTCOPY");
  m.sys_mark_nocopy(1, A, 1, false);
  assert.is(m.mm(1).vmas.length, 2);
  assert.is(answer(() => m.sys_mark_nocopy(1, A, 5, true)), "ENOMEM");
  assert.is(answer(() => m.sys_mark_nocopy(1, A + 1, 1, true)), "EINVAL");
  assert.is(answer(() => lab().sys_mark_nocopy(1, A, 1, true)), "ENOSYS");
});

test.run();
