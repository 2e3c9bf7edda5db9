// Each invariant is broken once, by an era that answers wrongly or by a state that was written by hand, and is noticed.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  anonExclusive,
  type Era,
  eras,
  type Event,
  FOLL_PIN,
  FOLL_WRITE,
  KernelBug,
  Lab,
  MADV_MERGEABLE,
  MADV_PAGEOUT,
  MAP_ANONYMOUS,
  MAP_SHARED,
  mapcount,
  pageCount,
  PROT_READ,
  PROT_WRITE,
  type Vma,
} from "./mod.ts";
import { check } from "./invariant.ts";

const A = 0x1b000;
const RW = PROT_READ | PROT_WRITE;

/** Process 1 has stored "0" in the first of two pages. */
function started(era: Era): Lab {
  const m = new Lab(era);
  m.mmap(1, A, 2);
  m.store(1, A, "0");
  return m;
}

/** Asserts that a rule breaks, in these words. */
function breaks(call: () => unknown, said: string): void {
  assert.throws(call, (error: unknown) => {
    assert.ok(error instanceof KernelBug);
    assert.is(error.message, said);
    return true;
  });
}

/** What is wrong with a machine's state after an event that no path would make. */
function broken(m: Lab, event: Event, said: string): void {
  check(m.state, m.era);
  m.emit(event);
  breaks(() => check(m.state, m.era), said);
}

const test = suite("invariant");

test("a frame that two page tables map is writable in neither", () => {
  for (const era of [mapcount, pageCount]) {
    const m = started({ ...era, wpCanReuse: () => true });
    m.fork(1);
    breaks(() => m.store(1, A, "P"), "pfn 1 writable in mm 1 and mapped 2 times");
  }
});

test("a writable frame is exclusive, where the era keeps the mark", () => {
  for (const era of eras) {
    const m = started(era), event: Event = { type: "exclusive", pfn: 1, value: false };
    if (era.anonExclusive) broken(m, event, "pfn 1 writable in mm 1 and not exclusive");
    else {
      m.emit(event);
      check(m.state, era);
    }
  }
});

test("an exclusive frame is mapped once", () => {
  const m = started(anonExclusive);
  m.fork(1);
  broken(
    m,
    { type: "exclusive", pfn: 1, value: true },
    "pfn 1 is exclusive and mapped 2 times",
  );
});

test("what is exclusive is private memory", () => {
  const m = new Lab(anonExclusive);
  m.mmap(1, A, 1, RW, MAP_SHARED | MAP_ANONYMOUS);
  m.store(1, A, "shared");
  broken(m, { type: "exclusive", pfn: 1, value: true }, "pfn 1 is exclusive and shmem");
});

test("the zero page and what KSM merged are writable nowhere; shared memory may be, everywhere", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 2);
  m.string(1, A);
  const vpn = A / 4096, entry = { mm: 1, vpn, writable: true, dirty: false } as const;
  broken(m, { type: "protect", ...entry }, "pfn 0 writable in mm 1 and a zero page");

  const merged = started(mapcount);
  merged.store(1, A + 4096, "0");
  merged.madvise(1, A, 2, MADV_MERGEABLE);
  for (let scan = 0; scan < 3; scan++) merged.ksmScan();
  broken(merged, { type: "protect", ...entry }, "pfn 2 writable in mm 1 and a ksm page");

  const shared = new Lab(anonExclusive);
  shared.mmap(1, A, 1, RW, MAP_SHARED | MAP_ANONYMOUS);
  shared.store(1, A, "s");
  shared.store(shared.fork(1), A, "t");
  check(shared.state, shared.era);
  assert.is(shared.state.frames.get(1)!.mapcount, 2);
});

test("what is pinned is exclusive: fork may not share it", () => {
  const m = started({ ...anonExclusive, forkMustCopy: () => false });
  m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
  breaks(() => m.fork(1), "pfn 1 is pinned and not exclusive");
});

test("what is pinned is exclusive: a read-only pin must unshare first", () => {
  const m = started({ ...anonExclusive, gupMustUnshare: () => false });
  m.fork(1);
  breaks(() => m.get_user_pages(1, A, 1, FOLL_PIN, "nic"), "pfn 1 is pinned and not exclusive");
  const older = started({ ...pageCount, forkMustCopy: () => false });
  older.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
  older.fork(1);
  check(older.state, older.era);
});

test("a pin of what KSM merged is none; 1023 references are not a pin, nor is one of shared memory", () => {
  const m = started(anonExclusive);
  m.fork(1);
  m.emit({ type: "get", pfn: 1, refs: 1023, holder: "nic" });
  check(m.state, m.era);
  broken(
    m,
    { type: "get", pfn: 1, refs: 1024, holder: "hca" },
    "pfn 1 is pinned and not exclusive",
  );

  const merged = started(anonExclusive);
  merged.store(1, A + 4096, "0");
  merged.madvise(1, A, 2, MADV_MERGEABLE);
  for (let scan = 0; scan < 3; scan++) merged.ksmScan();
  broken(
    merged,
    { type: "get", pfn: 2, refs: 1024, holder: "nic" },
    "pfn 2 is pinned and not exclusive",
  );

  const shared = new Lab(anonExclusive);
  shared.mmap(1, A, 1, RW, MAP_SHARED | MAP_ANONYMOUS);
  shared.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
  check(shared.state, shared.era);
});

test("counts are the owners': a frame given away under its mapping is noticed", () => {
  const m = started(mapcount);
  m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
  broken(m, { type: "free", pfn: 1 }, "pfn 1 has refcount 1 and 2 owners");
  m.emit({ type: "free", pfn: 1 });
  breaks(() => check(m.state, m.era), "pfn 1 mapped by mm 1 at page 0x1b and freed");
});

test("counts are the owners': a frame in flight, what a path holds, a file's page cache and a device's count", () => {
  const m = started(mapcount);
  m.emit({ type: "alloc", pfn: 2, from: undefined });
  check(m.state, m.era); // in flight
  m.emit({ type: "try_grab", pfn: 2, refs: 5, by: "a path" });
  check(m.state, m.era);
  m.emit({ type: "object", id: 1, kind: "file" });
  m.emit({ type: "object_page", id: 1, index: 0, pfn: 2 });
  check(m.state, m.era);
  assert.is(m.state.frames.get(2)!.refcount, 6);
  m.emit({ type: "keep", by: "a path", holder: "nic" });
  check(m.state, m.era);
});

test("counts are the owners': a mapping that the frame does not know is noticed", () => {
  const m = started(mapcount);
  // A second entry that no event made: the table itself is changed.
  const { ptes } = m.mm(1) as unknown as { ptes: Map<number, unknown> };
  ptes.set(A / 4096 + 1, ptes.get(A / 4096));
  breaks(() => check(m.state, m.era), "pfn 1 has mapcount 1 and 2 mappings");
  ptes.clear();
  breaks(() => check(m.state, m.era), "pfn 1 has mapcount 1 and 0 mappings");
});

test("counts are the owners': a frame that nobody has any more is noticed", () => {
  const m = started(mapcount);
  m.emit({ type: "alloc", pfn: 2, from: undefined });
  (m.state.inFlight as Set<number>).clear();
  breaks(() => check(m.state, m.era), "pfn 2 has refcount 1 and 0 owners");
});

test("an entry that reclaim has emptied counts as a mapping until it is filled", () => {
  const m = started(mapcount), vpn = A / 4096;
  m.emit({ type: "add_to_swap_cache", pfn: 1, slot: 1 });
  m.emit({ type: "clear_pte", mm: 1, vpn });
  check(m.state, m.era);
  m.emit({ type: "unmap_to_swap", mm: 1, vpn, exclusive: false });
  check(m.state, m.era);
});

/** Two processes whose one page is in the swap area. */
function swapped(era: Era): Lab {
  const m = started(era);
  m.madvise(1, A, 1, MADV_PAGEOUT);
  m.fork(1);
  check(m.state, era);
  return m;
}

test("a slot has as many entries as it counts", () => {
  const m = swapped(mapcount), [slot] = m.state.slots.values();
  (slot as { count: number }).count = 3;
  breaks(() => check(m.state, m.era), "slot 1 counts 3 entries and has 2");
  (slot as { count: number }).count = 1;
  breaks(() => check(m.state, m.era), "slot 1 counts 1 entries and has 2");
  (slot as { count: number }).count = 0;
  breaks(() => check(m.state, m.era), "slot 1 is referred to by mm 1 and free");
  const lost = swapped(mapcount);
  for (const mm of lost.state.mms.values()) (mm.swapPtes as Map<number, unknown>).clear();
  breaks(() => check(lost.state, lost.era), "slot 1 counts 2 entries and has 0");
});

test("an exclusive swap entry is the only one of its slot", () => {
  const m = started(anonExclusive);
  m.madvise(1, A, 1, MADV_PAGEOUT);
  check(m.state, m.era);
  assert.is(m.mm(1).swapPtes.get(A / 4096)!.exclusive, true);
  const wrong = { ...anonExclusive, forkKeepsSwapExclusive: () => true };
  const forked = started(wrong);
  forked.madvise(1, A, 1, MADV_PAGEOUT);
  breaks(() => forked.fork(1), "slot 1 is exclusive and has 2 entries");
});

test("a slot and the frame that caches it say so of each other", () => {
  const m = swapped(mapcount);
  m.string(1, A);
  check(m.state, m.era);
  (m.state.frames.get(2) as { swap: number }).swap = 7;
  breaks(() => check(m.state, m.era), "pfn 2 is cached by slot 1 and says slot 7");
  (m.state.frames as Map<number, unknown>).delete(2);
  (m.mm(1).ptes as Map<number, unknown>).clear();
  breaks(() => check(m.state, m.era), "pfn 2 is cached by slot 1 and says slot undefined");
});

test("a page that a swap entry refers to is not exclusive", () => {
  const m = swapped(anonExclusive);
  m.string(1, A);
  const { pfn } = m.mm(1).ptes.get(A / 4096)!;
  broken(
    m,
    { type: "exclusive", pfn, value: true },
    `pfn ${pfn} is exclusive, and slot 1 has 1 entries`,
  );
});

test("mappings are ordered, whole pages, not empty, and what is shared is backed", () => {
  const CASES: [Partial<Vma>, string | undefined][] = [
    [{ start: 0, end: 0x1000 }, undefined],
    [{ start: 0x1000, end: 0x1000 }, "mm 1 maps 0x1000-0x1000 out of order"],
    [{ start: 0x2000, end: 0x1000 }, "mm 1 maps 0x2000-0x1000 out of order"],
    [{ start: 0x1800, end: 0x3000 }, "mm 1 maps 0x1800-0x3000 out of order"],
    [{ start: 0x1000, end: 0x1801 }, "mm 1 maps 0x1000-0x1801 out of order"],
    [{ start: NaN, end: A }, "mm 1 maps 0xNaN-0x1b000 out of order"],
    [{ start: 0x1000, end: NaN }, "mm 1 maps 0x1000-0xNaN out of order"],
    [{ start: 0x1000, end: 2 ** 47 }, "mm 1 maps 0x1000-0x800000000000 out of order"],
    [{ start: 0x1a000, end: A }, undefined],
    [{ start: 0x1a000, end: A + 4096 }, `mm 1 maps 0x1b000-0x1d000 out of order`],
    [
      { start: 0x1a000, end: A, flags: 0x8, object: 0 },
      "mm 1 shares 0x1a000, and nothing backs it",
    ],
    [{ start: 0x1a000, end: A, flags: 0x8, object: 5 }, undefined],
  ];
  for (const [change, said] of CASES) {
    const m = started(mapcount), vma = { ...m.mm(1).vmas[0]!, ...change };
    m.emit({ type: "vmas", mm: 1, index: 0, removed: 0, vmas: [vma] });
    if (said) breaks(() => check(m.state, m.era), said);
    else check(m.state, m.era);
  }
});

test.run();
