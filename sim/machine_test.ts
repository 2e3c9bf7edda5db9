// The machine: the trace and its points, locks, lookups, and what it says of a mapping.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  anonExclusive,
  eras,
  framesText,
  KernelBug,
  Lab,
  Machine,
  MAP_ANONYMOUS,
  MAP_SHARED,
  mapcount,
  operationText,
  pageCount,
  PROT_READ,
  type State,
} from "./mod.ts";
import { mm_alloc, startTask } from "./mm/fork.ts";
import { reasonText } from "./view/reason.ts";
import { emptyState, page_maybe_dma_pinned, PageAnon, vmaIndex } from "./state.ts";

const A = 0x1b000;

const test = suite("machine");

/** What a call breaks, in words. */
function bug(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof KernelBug) return error.message;
    throw error;
  }
  return "nothing";
}

test("at() takes a whole number from 0 to the length of the trace", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  const length = m.trace.length;
  assert.equal(m.at(0), emptyState());
  assert.equal(m.at(length), m.state);
  for (const n of [-1, length + 1, 0.5, NaN]) {
    assert.throws(
      () => m.at(n),
      (error: unknown) =>
        error instanceof RangeError &&
        error.message === `at(${n}): the trace has events 0 to ${length}`,
    );
  }
});

test("a machine begins with the zero page, and numbers everything from 1", () => {
  const m = new Machine(mapcount);
  assert.equal([...m.state.frames.values()], [{
    pfn: 0,
    kind: "zero",
    refcount: 1,
    mapcount: 0,
    anonExclusive: false,
    swap: 0,
    lazyfree: false,
    dirty: false,
    bytes: [],
  }]);
  const { nextPfn, nextPid, nextMm, nextAnonVma, nextId, nextSlot } = m.state;
  assert.equal([nextPfn, nextPid, nextMm, nextAnonVma, nextId, nextSlot], [1, 1, 1, 1, 1, 1]);
  assert.equal(m.build, { refusesForce: false, softDirty: true });
  assert.is(m.memory, Infinity);
  assert.equal([m.proposals, m.cause], [{}, { op: -1, cause: -1 }]);
  assert.is(startTask(m, mm_alloc(m), 0), 1);
  assert.equal([m.state.nextPid, m.state.nextMm], [2, 2]);
});

test("numbers are not given out again: frames, processes, address spaces, anon_vmas, slots", () => {
  const m = new Lab(anonExclusive);
  m.mmap(1, A);
  m.store(1, A, "x");
  m.madvise(1, A, 1, 21);
  m.exit(m.fork(1));
  m.munmap(1, A);
  assert.equal([m.state.frames.size, m.state.slots.size, m.state.mms.size, m.state.tasks.size], [
    1,
    0,
    1,
    1,
  ]);
  const { nextPfn, nextPid, nextMm, nextAnonVma, nextSlot } = m.state;
  assert.equal([nextPfn, nextPid, nextMm, nextAnonVma, nextSlot], [2, 3, 3, 3, 2]);
});

test("objects and open files have numbers from one row", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 1, PROT_READ, MAP_SHARED | MAP_ANONYMOUS);
  m.driver("nic");
  m.open(1, "nic");
  m.mmap(1, A + 0x1000, 1, PROT_READ, MAP_SHARED | MAP_ANONYMOUS);
  assert.equal([[...m.state.objects.keys()], [...m.state.files.keys()], m.state.nextId], [
    [1, 3],
    [2],
    4,
  ]);
});

test("the trace says who the parent is, and of vfork only where somebody waits", () => {
  const m = new Lab(mapcount);
  assert.equal(m.trace, [{ type: "mm", mm: 1 }, { type: "task", pid: 1, mm: 1, parent: 0 }]);
  m.exit(m.fork(1));
  m.exit(m.thread(1));
  assert.equal(m.trace.filter(({ type }) => type === "vfork"), []);
  m.exit(m.vfork(1));
  assert.equal(m.trace.filter(({ type }) => type === "vfork"), [
    { type: "vfork", pid: 4, parent: 1 },
    { type: "vfork", pid: 4, parent: 0 },
  ]);
});

test("bytes that are stored lie where they were stored, over what was there", () => {
  const m = new Lab(mapcount),
    stored = (...stores: [offset: number, bytes: number[]][]) => {
      m.munmap(1, A);
      m.mmap(1, A);
      for (const [offset, bytes] of stores) m.store(1, A + offset, bytes);
      return [...m.load(1, A, 5)];
    };
  assert.equal(stored([0, [1]], [1, [7, 8]]), [1, 7, 8, 0, 0]);
  assert.equal(stored([0, [1, 2, 3]], [0, [9]]), [9, 2, 3, 0, 0]);
  assert.equal(stored([0, [1, 2]], [0, [3, 4]]), [3, 4, 0, 0, 0]);
  assert.equal(stored([3, [5]]), [0, 0, 0, 5, 0]);
  assert.equal(stored([0, [1]], [3, [5]]), [1, 0, 0, 5, 0]);
  assert.equal(stored([3, [5]], [1, [6, 7]]), [0, 6, 7, 5, 0]);
});

test("vma() finds the mapping that covers an address, and vmaIndex() where it would stand", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 2);
  m.mmap(1, A + 0x3000, 1);
  const mm = m.mm(1);
  const starts = [A - 1, A, A + 0x1fff, A + 0x2000, A + 0x2fff, A + 0x3000, A + 0x3fff, A + 0x4000]
    .map((addr) => m.vma(mm, addr)?.start);
  assert.equal(starts, [undefined, A, A, undefined, undefined, A + 0x3000, A + 0x3000, undefined]);
  assert.equal([A - 1, A + 0x1fff, A + 0x2000, A + 0x4000].map((at) => vmaIndex(mm.vmas, at)), [
    0,
    0,
    1,
    2,
  ]);
  const many = Array.from(
    { length: 9 },
    (_, i) => ({ ...mm.vmas[0]!, start: 2 * i, end: 2 * i + 1 }),
  );
  assert.equal(
    Array.from({ length: 19 }, (_, at) => vmaIndex(many, at)),
    [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9],
  );
});

test("page_maybe_dma_pinned() from 1024 references on, whosever they are", () => {
  const page = emptyState().frames.get(0)!;
  const pinned = (refcount: number) => page_maybe_dma_pinned({ ...page, refcount });
  assert.equal([1023, 1024, 1025].map(pinned), [false, true, true]);
  assert.equal(
    ["anon", "ksm", "zero", "shmem", "file", "device"].map((kind) =>
      PageAnon({ ...page, kind: kind as typeof page.kind })
    ),
    [true, true, false, false, false, false],
  );
});

test("page() of a frame that was freed is a bug", () => {
  const m = new Machine(mapcount);
  assert.is(bug(() => m.page(7)), "pfn 7 was freed and is still referred to");
});

test("the mmap_lock is held by readers together and by a writer alone", () => {
  const m = new Machine(mapcount), mm = mm_alloc(m);
  const held = (name: string, mode: "read" | "write") => {
    m.op(name);
    const path = m.locked(
      mm,
      mode,
      (function* () {
        yield;
      })(),
    );
    return { waits: path.next().value?.reason(), end: () => path.next() };
  };
  const one = held("one", "read"), two = held("two", "read");
  assert.equal([one.waits, two.waits], [undefined, undefined]);
  const both = "mmap_lock of mm 1, held for read by one and two";
  assert.is(held("w", "write").waits, both);
  assert.is(
    bug(() => m.assertWriteLocked(mm, "vma_modify_flags", A)),
    "vma_modify_flags(0x1b000) changes mappings, and the mmap_lock is held for read only",
  );
  one.end();
  assert.is(held("w", "write").waits, "mmap_lock of mm 1, held for read by two");
  assert.match(bug(() => m.assertWriteLocked(mm, "removeVmas", A)), /^removeVmas\(0x1b000\)/);
  two.end();
  assert.is(
    bug(() => m.assertWriteLocked(mm, "removeVmas", A)),
    "removeVmas(0x1b000) changes mappings, and the mmap_lock is not held",
  );
  const writer = held("w", "write");
  assert.is(writer.waits, undefined);
  assert.is(held("r", "read").waits, "mmap_lock of mm 1, held for write by w");
  assert.is(held("v", "write").waits, "mmap_lock of mm 1, held for write by w");
  assert.is(bug(() => m.assertWriteLocked(mm, "removeVmas", A)), "nothing");
  const other = mm_alloc(m);
  m.op("elsewhere");
  m.run(m.locked(other, "write", (function* () {})()));
  writer.end();
  assert.is(held("r", "read").waits, undefined);
});

test("a path that ends with an error gives its lock back", () => {
  const m = new Lab(mapcount);
  for (const mode of ["read", "write"] as const) {
    const fails = m.locked(
      m.mm(1),
      mode,
      // deno-lint-ignore require-yield
      (function* () {
        throw new RangeError(mode);
      })(),
    );
    assert.throws(() => m.run(fails), mode === "read" ? /read/ : /write/);
    m.mmap(1, mode === "read" ? A : A + 0x1000);
  }
});

test("run() checks at the end of a path, and goes on over what is no wait any more", () => {
  const seen: number[] = [];
  const check = (state: State) => void seen.push(state.nextMm);
  const m = new Machine(mapcount, { check });
  const path = function* () {
    mm_alloc(m);
    yield;
    mm_alloc(m);
    yield { over: () => true, reason: () => "nothing" };
    return "done";
  };
  assert.is(m.run(path()), "done");
  assert.equal(seen, [3]);
});

test("memory is as large as it is said to be, the zero page not counted", () => {
  for (const era of eras) {
    const m = new Lab(era, { memory: 2 });
    m.mmap(1, A, 3);
    m.string(1, A + 0x2000);
    m.store(1, A, "one");
    m.store(1, A + 0x1000, "two");
    assert.throws(() => m.store(1, A + 0x2000, "three"), /all 2 frames are in use/);
    m.munmap(1, A, 1);
    m.store(1, A + 0x2000, "three");
    assert.is(m.state.frames.size, 3);
  }
});

test("fork for which there is no memory leaves no child, and the parent's pages read-only", () => {
  const m = new Lab(pageCount, { memory: 2 });
  m.mmap(1, A, 2);
  m.store(1, A, "one");
  m.store(1, A + 0x1000, "two");
  m.pin_user_pages(1, A + 0x1000, 1, 1, "nic");
  assert.throws(() => m.fork(1), /all 2 frames are in use/);
  assert.equal([...m.state.tasks.keys()], [1]);
  assert.is(
    framesText(m.state),
    `
pfn 1  refcount 1     mapcount 1  "one"  pid 1 0x1b000 r--
pfn 2  refcount 1025  mapcount 1  "two"  pid 1 0x1c000 rw-, nic (pin)`.trim(),
  );
});

test("every event names its cause: the note, or else the operation, that it followed from", () => {
  const m = new Lab(anonExclusive);
  m.mmap(1, 0x7000);
  m.store(1, 0x7000, "one");
  m.fork(1);
  m.store(1, 0x7000, "two");
  const copied = m.trace.findLastIndex(({ type }) => type === "alloc");
  const chain: string[] = [];
  for (let at = m.causes[copied]!; at >= 0; at = m.causes[at]!) {
    const event = m.trace[at]!;
    if (event.type === "op") chain.push(operationText(event));
    if (event.type === "note") chain.push(reasonText(event.reason));
  }
  assert.equal(chain, [
    "do_wp_page (anon_exclusive): copy pfn 1: refcount 2, mapcount 2",
    'store(pid 1, 0x7000, "two")',
  ]);
  assert.is(m.causes.length, m.trace.length);
  for (const [at, event] of m.trace.entries()) {
    assert.ok(event.type === "op" ? m.causes[at] === -1 : m.causes[at]! < at);
  }
});

test.run();
