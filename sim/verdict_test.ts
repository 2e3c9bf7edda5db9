// The verdict on a state: which of its words, of whom, and where none is due.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  anonExclusive,
  FOLL_WRITE,
  Lab,
  MADV_DONTNEED,
  MADV_PAGEOUT,
  MAP_ANONYMOUS,
  MAP_SHARED,
  mapcount,
  pageCount,
  PROT_READ,
  PROT_WRITE,
  refcountOld,
  type State,
  verdicts,
  verdictText,
} from "./mod.ts";

const A = 0x7000, B = 0x8000, RW = PROT_READ | PROT_WRITE;

const test = suite("verdict");

const told = (m: { state: State }) => verdicts(m.state).map(verdictText);

/** Process 1 has stored to a page, and nic has it. */
function registered(era = mapcount): Lab {
  const m = new Lab(era);
  m.mmap(1, A, 2);
  m.store(1, A, "buffer");
  m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
  return m;
}

test("verdicts(): a process without holders is no case, one whose device sees what it sees is whole", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  m.store(1, A, "buffer");
  m.fork(1);
  assert.equal(told(m), []);
  assert.equal(told(registered()), ["✓ whole: nic works on what pid 1 sees"]);
});

test("verdicts(): a process that moves to a copy has parted from its device, and what the device writes is lost and leaked", () => {
  const m = registered();
  m.fork(1);
  m.store(1, A, "reply");
  const parted = "✗ parted: pid 1 sees pfn 2, its nic works on pfn 1";
  assert.equal(told(m), [parted]);
  m.deviceWrite("nic", "packet");
  assert.equal(told(m), [
    parted,
    "✗ lost write: pid 1 does not see what nic wrote to pfn 1",
    "✗ leaked: pid 2 sees what nic wrote for pid 1",
  ]);
});

test("verdicts(): a child that has the page of its parent's device sees what the device writes", () => {
  const m = registered(), child = m.fork(1);
  m.deviceWrite("nic", "packet");
  const leaked = "✗ leaked: pid 2 sees what nic wrote for pid 1";
  assert.equal(told(m), [leaked]);
  m.store(child, A + 64, "its own copy, with the packet in it");
  assert.equal(told(m), [leaked]);
  m.munmap(child, A);
  assert.equal(told(m), [], "the secret is out: what was wrong once is never whole again");
});

test("verdicts(): with a copy at fork all is whole", () => {
  for (const era of [pageCount, anonExclusive]) {
    const m = registered(era);
    m.pin_user_pages(1, A, 1, FOLL_WRITE, "hca");
    m.fork(1);
    m.store(1, A, "reply");
    m.deviceWrite("nic", "packet");
    assert.equal(told(m), ["✓ whole: both holders work on what their processes see"], era.name);
  }
});

test("verdicts(): a pipe shows what the other process stored after the fork", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  m.store(1, A, "secret");
  const child = m.fork(1);
  m.vmsplice(child, A);
  m.munmap(child, A);
  assert.equal(told(m), [], "nobody reaches the page: nothing is parted, and nothing whole");
  m.store(1, A, "new secret");
  assert.equal(told(m), ["✗ leaked: pipe shows what pid 1 stored after the fork"]);
  m.pipeRead();
  assert.equal(told(m), []);
});

test("verdicts(): who fills a pipe and writes again tells its own secret", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  m.store(1, A, "secret");
  m.vmsplice(1, A);
  m.store(1, A, "new secret");
  assert.equal(told(m), ["✓ whole: pipe works on what pid 1 sees"]);
});

test("verdicts(): shared memory is shared, and whole also where no entry is there", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 1, RW, MAP_SHARED | MAP_ANONYMOUS);
  m.store(1, A, "buffer");
  m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
  m.fork(1);
  m.store(1, A, "reply");
  m.deviceWrite("nic", "packet");
  assert.equal(told(m), ["✓ whole: nic works on what pid 1 sees"]);
  m.madvise(1, A, 1, MADV_DONTNEED);
  assert.equal(told(m), ["✓ whole: nic works on what pid 1 sees"]);
});

test("verdicts(): a page that moves or is swapped out is still the one that was given", () => {
  const moved = registered();
  moved.mremap(1, A, 1, 0x20000);
  assert.equal(told(moved), ["✓ whole: nic works on what pid 1 sees"]);
  const away = registered(refcountOld);
  away.madvise(1, A, 1, MADV_PAGEOUT);
  assert.equal(told(away), ["✓ whole: nic works on what pid 1 sees"]);
});

test("verdicts(): a process that dropped its page, unmapped it or ended is undecided, and parted once it has another", () => {
  const m = registered();
  m.madvise(1, A, 1, MADV_DONTNEED);
  assert.equal(told(m), []);
  m.store(1, A, "again");
  assert.equal(told(m), ["✗ parted: pid 1 sees pfn 2, its nic works on pfn 1"]);
  m.munmap(1, A);
  assert.equal(told(m), []);
  const ended = registered();
  ended.exit(1);
  assert.equal(told(ended), []);
});

test("verdicts(): pages of one holder are counted together", () => {
  const m = registered();
  m.store(1, B, "second");
  m.get_user_pages(1, B, 1, FOLL_WRITE, "nic");
  m.fork(1);
  m.store(1, A, "reply");
  m.store(1, B, "reply");
  assert.equal(told(m), ["✗ parted: pid 1 sees pfn 3, its nic works on pfn 1, and 1 page more"]);
});

test("verdicts(): a careless driver's frame is freed and still held", () => {
  const m = new Lab(mapcount);
  m.driver("nic", { references: false });
  m.mmap(1, A);
  m.register(1, m.open(1, "nic"), A, 1, FOLL_WRITE);
  m.munmap(1, A);
  assert.equal(told(m), ["✗ freed and still held: nic works on pfn 1"]);
});

test("verdicts(): a careless driver writes into what is the child's alone, whose one count is no proof that nobody else sees it", () => {
  const m = new Lab(mapcount);
  m.driver("nic", { references: false });
  m.mmap(1, A);
  m.store(1, A, "buffer");
  m.register(1, m.open(1, "nic"), A, 1, FOLL_WRITE);
  m.fork(1);
  m.store(1, A, "reply");
  m.deviceWrite("nic", "packet");
  assert.is(m.state.frames.get(1)!.refcount, 1);
  assert.equal(verdicts(m.state).map(({ word }) => word), ["parted", "lost write", "leaked"]);
});

test("verdicts() marks whose sight of which frame is wrong", () => {
  const m = registered();
  m.fork(1);
  m.store(1, A, "reply");
  m.deviceWrite("nic", "packet");
  assert.equal(verdicts(m.state).map(({ marks }) => marks), [
    [{ who: "nic", pfn: 1 }],
    [{ who: "nic", pfn: 1 }],
    [{ who: 2, pfn: 1 }],
  ]);
});

test.run();
