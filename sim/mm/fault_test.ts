// Entries and counts after a fault, in pictures: what is writable, what is exclusive, what the swap cache keeps.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  anonExclusive,
  type Era,
  eras,
  FOLL_FORCE,
  FOLL_WRITE,
  framesText,
  Lab,
  MADV_PAGEOUT,
  MAP_ANONYMOUS,
  MAP_SHARED,
  mapcount,
  maps,
  pageCount,
  PROT_READ,
  PROT_WRITE,
  releaseNamed,
  roLongterm,
} from "../mod.ts";
import { readLine } from "../scene/line.ts";
import { Stage } from "../scene/stage.ts";
import { FAULT_FLAG_WRITE } from "../uapi.ts";
import { handle_mm_fault } from "./memory.ts";

const A = 0x1b000;
const RW = PROT_READ | PROT_WRITE;

const test = suite("fault");

/** The picture after the lines of a scene. */
function picture(kernel: string, ...lines: string[]): string {
  const stage = new Stage(releaseNamed(kernel));
  for (const line of lines) {
    stage.run(readLine(line));
  }
  return framesText(stage.machine.state);
}

/** Process 1 has stored "x" in the first of two pages. */
function started(era: Era): Lab {
  const m = new Lab(era);
  m.mmap(1, A, 2);
  m.store(1, A, "x");
  return m;
}

test("a store across pages is written once each, whatever lies before the border", () => {
  for (
    const [before, after] of [[1, 1], [1, 3], [2, 1], [5, 4096], [1, 4097], [4096, 1]] as const
  ) {
    const m = new Lab(mapcount);
    m.mmap(1, A, 3);
    const bytes = Array.from({ length: before + after }, (_, i) => 1 + i % 250);
    m.store(1, A + 4096 - before, bytes);
    assert.equal([...m.load(1, A + 4096 - before, bytes.length)], bytes);
    assert.equal([...m.load(1, A + 4096 + after, 2)], [0, 0]);
  }
});

test("a page of a shared mapping that may only be read is mapped read-only", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 2, PROT_READ, MAP_SHARED | MAP_ANONYMOUS);
  m.string(1, A);
  assert.is(
    framesText(m.state),
    "pfn 1  refcount 2  mapcount 1  zeros  pid 1 r--, page cache",
  );
});

test("what FOLL_FORCE writes into a mapping that may only be read stays read-only: a hole, a file, a shared page", () => {
  for (const era of eras) {
    const exclusive = era.anonExclusive ? "  exclusive" : "";
    const m = new Lab(era);
    m.mmap(1, A, 1, PROT_READ);
    m.get_user_pages(1, A, 1, FOLL_WRITE | FOLL_FORCE, "ptrace");
    assert.is(
      framesText(m.state),
      `pfn 1  refcount 2  mapcount 1${exclusive}  zeros  pid 1 r--, ptrace`,
      era.name,
    );
    const page = ["P0 mmap a 2 pfile", "P0 mprot a0 2 r", "P0 mw a1 9"];
    assert.is(
      picture(era.name, ...page),
      `pfn 9  refcount 1  mapcount 1${exclusive}  0x09  pid 1 r--`,
      era.name,
    );
    const forked = started(era);
    forked.mprotect(1, A, 1, PROT_READ);
    forked.exit(forked.fork(1));
    forked.get_user_pages(1, A, 1, FOLL_WRITE | FOLL_FORCE, "ptrace");
    assert.match(framesText(forked.state), /^pfn \d .*"x" {2}pid 1 r--, ptrace$/);
  }
});

test("fork copies a pinned page with the permission of its mapping", () => {
  for (const [prot, bits] of [[PROT_READ, "r--"], [RW, "rw-"]] as const) {
    const m = started(pageCount);
    m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
    m.mprotect(1, A, 2, prot);
    m.fork(1);
    assert.match(
      framesText(m.state),
      new RegExp(`\\npfn 2  refcount 1     mapcount 1  "x"  pid 2 ${bits}$`),
    );
  }
});

test("a page comes back writable by a write; by a read from 6.12 on, if its mapping may be written", () => {
  const back = (era: Era, prot: number, access: (m: Lab) => unknown) => {
    const m = started(era);
    m.madvise(1, A, 1, MADV_PAGEOUT);
    m.mprotect(1, A, 2, prot);
    access(m);
    return framesText(m.state).match(/pid 1 ([rw-]+)/)![1];
  };
  const load = (m: Lab) => m.string(1, A), store = (m: Lab) => m.store(1, A, "y");
  assert.equal(
    eras.map((era) => [back(era, RW, load), back(era, PROT_READ, load), back(era, RW, store)]),
    eras.map((era) => [eras.indexOf(era) < 5 ? "r--" : "rw-", "r--", "rw-"]),
  );
});

test("a write that brings a page back leaves a dirty entry, a read a clean one", () => {
  const entry = (write: boolean) => {
    const m = started(roLongterm);
    m.madvise(1, A, 1, MADV_PAGEOUT);
    m.get_user_pages(1, A, 1, write ? FOLL_WRITE : 0, "nic");
    return m.mm(1).ptes.get(A / 4096);
  };
  assert.equal(entry(true), { pfn: 2, writable: true, dirty: true });
  assert.equal(entry(false), { pfn: 2, writable: true, dirty: false });
});

test("a page that comes back by a write leaves the swap cache, unless somebody else refers to it", () => {
  const lines = ["P0 mmap a 1 priv", "P0 w a0 1", "P0 madv a0 1 pageout"];
  assert.is(
    picture("7.2.13", ...lines, "P0 w a0 2"),
    "pfn 2  refcount 1  mapcount 1  exclusive  0x02  pid 1 rw-",
  );
  assert.is(
    picture("7.2.13", ...lines, "P0 r a0"),
    "pfn 2  refcount 2  mapcount 1  exclusive  0x01  pid 1 rw-, swap cache",
  );
  const held = ["P0 mmap a 1 priv", "P0 w a0 1", "P0 vms a0 0", "P0 madv a0 1 pageout"];
  for (const kernel of ["6.1.176", "7.2.13"]) {
    assert.is(
      picture(kernel, ...held, "P0 w a0 2"),
      "pfn 1  refcount 3  mapcount 1  exclusive  0x02  pid 1 rw-, pipe 0, swap cache",
    );
  }
  assert.is(
    picture("5.4.38", ...held, "P0 w a0 2"),
    "pfn 1  refcount 2  mapcount 1  0x02  pid 1 rw-, pipe 0",
  );
});

test("one write fault brings a page back and copies it, if others have it", () => {
  for (const era of eras) {
    const m = started(era);
    m.madvise(1, A, 1, MADV_PAGEOUT);
    const child = m.fork(1);
    m.run(handle_mm_fault(m, m.mm(child), A, FAULT_FLAG_WRITE));
    assert.match(framesText(m.state), /"x" +pid 2 rw-/, era.name);
  }
});

test("a write that keeps a page of the swap cache takes it out, as far as no entry needs the slot, since 2.6.29", () => {
  for (const name of ["2.6.12", "2.6.28", "2.6.29", ...eras.map(({ name }) => name)]) {
    const { anonExclusive } = releaseNamed(name).era;
    const lines = ["P0 mmap a 1 priv", "P0 w a0 1", "P0 madv a0 1 pageout", "P0 fork P1"];
    assert.match(
      picture(name, ...lines, "P0 r a0", "P1 exit"),
      /^pfn 2 {2}refcount 2 .* pid 1 r--, swap cache$/,
    );
    const kept = picture(name, ...lines, "P0 r a0", "P1 exit", "P0 w a0 2");
    const pfn = name === "page_count" ? 3 : 2, mark = anonExclusive ? "  exclusive" : "";
    const [refs, cached] = ["2.6.12", "2.6.28", "refcount_old"].includes(name)
      ? [2, ", swap cache"]
      : [1, ""];
    assert.is(
      kept,
      `pfn ${pfn}  refcount ${refs}  mapcount 1${mark}  0x02  pid 1 rw-${cached}`,
      name,
    );
  }
});

test("up to 2.6.12 reclaim leaves a page to which anybody but its mapping and the swap cache refers", () => {
  const out = ["P0 mmap a 1 priv", "P0 w a0 1", "P0 madv a0 1 pageout", "P0 r a0"];
  const back = picture("refcount_old", ...out);
  assert.is(back, "pfn 2  refcount 2  mapcount 1  0x01  pid 1 r--, swap cache");
  assert.is(
    picture("refcount_old", ...out, "P0 madv a0 1 pageout"),
    "slot 1  entries 1    0x01  pid 1 swapped",
  );
  assert.is(
    picture("refcount_old", ...out, "P0 vms a0 0", "P0 madv a0 1 pageout"),
    "pfn 2  refcount 3  mapcount 1  0x01  pid 1 r--, pipe 0, swap cache",
  );
});

test("a locked page that comes back leaves the swap cache by a read, too", () => {
  const lines = ["P0 mmap a 1 priv", "P0 w a0 1", "P0 madv a0 1 pageout", "P0 mprot a0 1 r"];
  assert.is(
    picture("7.2.13", ...lines, "P0 mlock a0 1"),
    "pfn 2  refcount 1  mapcount 1  exclusive  0x01  pid 1 r--",
  );
});

test("the swap cache lets go of a page with its last mapping and its last entry", () => {
  for (const { name } of eras) {
    const lines = ["P0 mmap a 2 priv", "P0 w a0 1", "P0 madv a0 1 pageout", "P0 fork P1"];
    assert.is(
      picture(name, ...lines, "P0 r a0", "P1 exit", "P0 munmap a0 1"),
      "no frame is in use",
      name,
    );
    assert.is(
      picture(name, ...lines, "P0 r a0", "P0 exit", "P1 munmap a0 1"),
      "no frame is in use",
    );
    assert.is(picture(name, ...lines, "P0 munmap a0 1", "P1 munmap a0 2"), "no frame is in use");
  }
});

test("the swap cache lets go of a page that was copied from it for the last time", () => {
  const m = started(anonExclusive);
  m.madvise(1, A, 1, MADV_PAGEOUT);
  const child = m.fork(1);
  m.string(1, A);
  m.store(child, A, "theirs");
  m.get_user_pages(1, A, 1, 0, "pipe");
  m.store(1, A, "mine");
  m.put_user_pages("pipe");
  assert.equal([m.string(1, A), m.string(child, A)], ["mine", "theirs"]);
  assert.equal([m.state.frames.size, m.state.slots.size], [3, 0]);
});

test("a page that KSM replaces leaves the swap cache", () => {
  assert.is(
    picture(
      "6.18.44",
      ...["P0 mmap a 2 priv", "P0 madv a0 2 mergeable", "P0 w a0 4", "P0 w a1 4", "P0 vms a0 0"],
      ...["P0 madv a0 1 pageout", "P0 r a0", "* pr 0", "* ksm"],
    ),
    `
pfn 2  refcount 2  mapcount 2  KSM  0x04  pid 1 0x40000000 r--,
                                          pid 1 0x40001000 r--`.trim(),
  );
});

test("a private mapping that was never written is accounted for only while it may be", () => {
  const m = new Lab(anonExclusive);
  m.mmap(1, A, 1);
  m.mprotect(1, A, 1, PROT_READ);
  m.mmap(1, A + 4096, 1, PROT_READ);
  assert.is(String(maps(m.state, 1)), "0x1b000-0x1d000 r--p", "neither is accounted for");
  const written = started(anonExclusive);
  written.munmap(1, A + 4096, 1);
  written.mprotect(1, A, 1, PROT_READ);
  written.mmap(1, A + 4096, 1, PROT_READ);
  assert.is(String(maps(written.state, 1)), "0x1b000-0x1c000 r--p\n0x1c000-0x1d000 r--p");
  const shared = new Lab(anonExclusive);
  shared.mmap(1, A, 2, PROT_READ, MAP_SHARED | MAP_ANONYMOUS);
  const flags = shared.mm(1).vmas[0]!.flags;
  shared.mprotect(1, A, 2, RW);
  shared.mprotect(1, A, 2, PROT_READ);
  assert.is(shared.mm(1).vmas[0]!.flags, flags);
});

test("every fault that allocates lets its machine run out of memory, and leaves the entry as it was", () => {
  for (const era of eras) {
    const m = new Lab(era, { memory: 1 });
    m.mmap(1, A, 2);
    m.store(1, A, "x");
    const child = m.fork(1), before = framesText(m.state);
    assert.throws(() => m.store(child, A, "y"), /all 1 frames are in use/);
    assert.is(framesText(m.state), before);
  }
});

test.run();
