// The scenes that the chapters rest on, each run under every era, told as the table they come from.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Era,
  eras,
  Errno,
  FOLL_PIN,
  FOLL_WRITE,
  frames,
  Lab,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
  Signal,
} from "./mod.ts";

const A = 0x7000;

/** Process 1 has stored "0" at A; what a device, the parent and the child read at the end. */
function started(era: Era): Lab {
  const m = new Lab(era);
  m.mmap(1, A);
  m.store(1, A, "0");
  return m;
}

function readOnlyAndBack(m: Lab): void {
  m.mprotect(1, A, 1, PROT_READ);
  m.mprotect(1, A, 1, PROT_READ | PROT_WRITE);
}

/** device/parent/child, a dash for what there is not. */
function readers(m: Lab, child?: number): string {
  const device = m.state.holds.has("nic") ? m.deviceRead("nic") : "-";
  return `${device}/${m.string(1, A)}/${child ? m.string(child, A) : "-"}`;
}

const PIN = FOLL_WRITE | FOLL_PIN;

// A column for each of `eras`. Rows S1-S6 are pins, the others plain references (GET), as on real kernels.
const TABLE: [title: string, scene: (m: Lab) => string, ...expected: string[]][] = [
  [
    "S1 pin; mapped read-only and back; parent writes",
    (m) => {
      m.get_user_pages(1, A, 1, PIN, "nic");
      readOnlyAndBack(m);
      m.store(1, A, "P");
      return readers(m);
    },
    "P/P/-",
    "0/P/-",
    "P/P/-",
  ],
  [
    "S2 pin; fork; parent writes",
    (m) => {
      m.get_user_pages(1, A, 1, PIN, "nic");
      const child = m.fork(1);
      m.store(1, A, "P");
      return readers(m, child);
    },
    "0/P/0",
    "P/P/0",
    "P/P/0",
  ],
  [
    "S3 pin; fork; child writes; parent writes",
    (m) => {
      m.get_user_pages(1, A, 1, PIN, "nic");
      const child = m.fork(1);
      m.store(child, A, "C");
      m.store(1, A, "P");
      return readers(m, child);
    },
    "P/P/C",
    "P/P/C",
    "P/P/C",
  ],
  [
    "S4 pin; fork; device writes",
    (m) => {
      m.get_user_pages(1, A, 1, PIN, "nic");
      const child = m.fork(1);
      m.deviceWrite("nic", "D");
      return readers(m, child);
    },
    "D/D/D",
    "D/D/0",
    "D/D/0",
  ],
  [
    "S5 pin; fork; parent writes; device writes",
    (m) => {
      m.get_user_pages(1, A, 1, PIN, "nic");
      const child = m.fork(1);
      m.store(1, A, "P");
      m.deviceWrite("nic", "D");
      return readers(m, child);
    },
    "D/P/D",
    "D/D/0",
    "D/D/0",
  ],
  [
    "S6 pin; fork; only child writes",
    (m) => {
      m.get_user_pages(1, A, 1, PIN, "nic");
      const child = m.fork(1);
      m.store(child, A, "C");
      return readers(m, child);
    },
    "0/0/C",
    "0/0/C",
    "0/0/C",
  ],
  [
    "S10 get; fork; parent writes; device writes",
    (m) => {
      m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
      const child = m.fork(1);
      m.store(1, A, "P");
      m.deviceWrite("nic", "D");
      return readers(m, child);
    },
    "D/P/D",
    "D/P/D",
    "D/P/D",
  ],
  [
    "S12 get; fork; child writes; parent writes; device writes",
    (m) => {
      m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
      const child = m.fork(1);
      m.store(child, A, "C");
      m.store(1, A, "P");
      m.deviceWrite("nic", "D");
      return readers(m, child);
    },
    "D/D/C",
    "D/P/C",
    "D/P/C",
  ],
  [
    "S13 get; no fork; mapped read-only and back; parent writes; device writes",
    (m) => {
      m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
      readOnlyAndBack(m);
      m.store(1, A, "P");
      m.deviceWrite("nic", "D");
      return readers(m);
    },
    "D/D/-",
    "D/P/-",
    "D/D/-",
  ],
  [
    "S16 read-only pin of a page mapped read-only; parent writes",
    (m) => {
      readOnlyAndBack(m);
      m.get_user_pages(1, A, 1, FOLL_PIN, "nic");
      m.store(1, A, "P");
      return readers(m);
    },
    "P/P/-",
    "0/P/-",
    "P/P/-",
  ],
  [
    "S14 read-only pin of a page shared with a live child; parent writes",
    (m) => {
      const child = m.fork(1);
      m.get_user_pages(1, A, 1, FOLL_PIN, "nic");
      m.store(1, A, "P");
      return readers(m, child);
    },
    "0/P/0",
    "0/P/0",
    "P/P/0",
  ],
  [
    "S15 as S14, the child has exited",
    (m) => {
      m.exit(m.fork(1));
      m.get_user_pages(1, A, 1, FOLL_PIN, "nic");
      m.store(1, A, "P");
      return readers(m);
    },
    "P/P/-",
    "0/P/-",
    "P/P/-",
  ],
  [
    "S18 read-only pin; fork; parent writes",
    (m) => {
      m.get_user_pages(1, A, 1, FOLL_PIN, "nic");
      const child = m.fork(1);
      m.store(1, A, "P");
      return readers(m, child);
    },
    "0/P/0",
    "P/P/0",
    "P/P/0",
  ],
  [
    "S19 fork; child's page is referenced and unmapped; parent writes",
    (m) => {
      const child = m.fork(1);
      m.get_user_pages(child, A, 1, 0, "nic");
      m.munmap(child, A);
      m.store(1, A, "P");
      return readers(m);
    },
    "P/P/-",
    "0/P/-",
    "0/P/-",
  ],
  [
    "S24 fork; child exits; parent writes: the frame stays",
    (m) => {
      m.exit(m.fork(1));
      m.store(1, A, "P");
      return `${[...m.state.mms.values()][0]!.ptes.get(7)!.pfn}`;
    },
    "1",
    "1",
    "1",
  ],
  [
    "S25 as S24, with a reference held",
    (m) => {
      m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
      m.exit(m.fork(1));
      m.store(1, A, "P");
      return readers(m);
    },
    "P/P/-",
    "0/P/-",
    "0/P/-",
  ],
];

const test = suite("lab");

for (const [title, scene, ...expected] of TABLE) {
  for (const [i, era] of eras.entries()) {
    test(`${title}, ${era.name}`, () => assert.is(scene(started(era)), expected[i]));
  }
}

test("S17 a read-only reference to an untouched page keeps the zero page, in these eras", () => {
  for (const era of eras) {
    const m = new Lab(era);
    m.mmap(1, A);
    m.get_user_pages(1, A, 1, FOLL_PIN, "nic");
    m.store(1, A, "P");
    assert.is(readers(m), "/P/-", era.name);
  }
});

test("frames() shows both pages, the child's and the parent's, and who holds what", () => {
  const m = new Lab(eras[0]!);
  m.mmap(1, A, 2);
  m.store(1, A, "one");
  m.store(1, A + 4096, "two");
  m.get_user_pages(1, A, 2, FOLL_WRITE, "nic");
  m.fork(1);
  m.store(2, A + 4096, "TWO");
  assert.is(
    String(frames(m.state)),
    `
pfn 1  refcount 3  mapcount 2  "one"  pid 1 0x7000 r--, pid 2 0x7000 r--, nic
pfn 2  refcount 2  mapcount 1  "two"  pid 1 0x8000 r--, nic
pfn 3  refcount 1  mapcount 1  "TWO"  pid 2 0x8000 rw-`.trim(),
  );
});

test("frames() wraps a long list of owners at 80 columns, under itself", () => {
  const m = started(eras[0]!);
  for (let i = 0; i < 9; i++) m.fork(1);
  const lines = String(frames(m.state)).split("\n");
  assert.ok(lines.length > 1 && lines.every((line) => line.length <= 80), lines.join("\n"));
});

test("a page that nobody wrote is the zero page, which no count knows", () => {
  const m = new Lab(eras[0]!);
  m.mmap(1, A);
  assert.is(m.string(1, A), "");
  m.fork(1);
  assert.is(String(frames(m.state)), "pfn 0  zero page    zeros  pid 1 r--");
  m.store(1, A, "x");
  assert.is(m.state.frames.get(1)!.refcount, 1);
});

test("at(n) plays the trace to any point, and to its end gives the present", () => {
  for (const era of eras) {
    const m = started(era);
    m.get_user_pages(1, A, 1, PIN, "nic");
    const before = m.trace.length, then = String(frames(m.state));
    m.store(m.fork(1), A, "C");
    m.exit(1);
    assert.is(String(frames(m.at(before))), then);
    assert.equal(m.at(m.trace.length), m.state);
    assert.throws(() => m.at(m.trace.length + 1), /the trace has events 0 to/);
  }
});

test("a device's page outlives its process, and goes with the last reference", () => {
  const m = started(eras[1]!);
  m.get_user_pages(1, A, 1, PIN, "nic");
  m.exit(1);
  m.deviceWrite("nic", "D");
  assert.is(String(frames(m.state)), `pfn 1  refcount 1024  mapcount 0  "D"  nic (pin)`);
  m.put_pages("nic");
  assert.is(String(frames(m.state)), "no frame is in use");
});

test("a store where nothing is mapped is SIGSEGV, and says what is mapped", () => {
  const m = started(eras[0]!);
  assert.throws(
    () => m.store(1, 0x9000, "x"),
    (error: unknown) =>
      error instanceof Signal && error.message ===
        "store(pid 1, 0x9000): no VMA covers this address: pid 1 maps 0x7000-0x8000 rw-p: SIGSEGV",
  );
  m.mprotect(1, A, 1, PROT_READ);
  assert.throws(() => m.store(1, A, "x"), /the VMA does not allow a store/);
  assert.is(m.string(1, A), "0");
  m.mprotect(1, A, 1, PROT_NONE);
  assert.throws(() => m.string(1, A), /the VMA does not allow a load/);
});

test("get_user_pages() of nothing, and for writing of a read-only mapping, is EFAULT", () => {
  const m = started(eras[0]!);
  m.mprotect(1, A, 1, PROT_READ);
  const isEfault = (error: unknown) =>
    error instanceof Errno && error.code === "EFAULT" && error.errno === 14;
  assert.throws(() => m.get_user_pages(1, A, 1, FOLL_WRITE, "nic"), isEfault);
  assert.throws(() => m.get_user_pages(1, 0x9000, 1, 0, "nic"), isEfault);
  assert.is(m.get_user_pages(1, A, 2, 0, "nic"), 1, "the page before the hole is had");
});

test("mmap(), munmap() and mprotect() refuse with Linux's errors", () => {
  const m = started(eras[0]!);
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
  const m = new Lab(eras[0]!);
  m.mmap(1, A, 3);
  m.mprotect(1, A + 4096, 1, PROT_READ);
  assert.is([...m.state.mms.values()][0]!.vmas.length, 3);
  m.mprotect(1, A + 4096, 1, PROT_READ | PROT_WRITE);
  assert.is([...m.state.mms.values()][0]!.vmas.length, 1);
});

test("a store across a page's end faults twice and lands in two frames", () => {
  const m = new Lab(eras[0]!);
  m.mmap(1, A, 2);
  m.store(1, A + 4094, "abc");
  assert.equal([...m.load(1, A + 4094, 4)], [97, 98, 99, 0]);
  assert.is(m.state.frames.size, 3);
});

test.run();
