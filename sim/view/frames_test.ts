// The pictures in text: what each owner, mark and slot is called, in which order, and how wide a picture is.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  anonExclusive,
  FOLL_WRITE,
  frames,
  framesText,
  Lab,
  MADV_FREE,
  MADV_MERGEABLE,
  MADV_PAGEOUT,
  MAP_ANONYMOUS,
  MAP_SHARED,
  mapcount,
  maps,
  PAGE_SIZE,
  PROT_READ,
  PROT_WRITE,
  releaseNamed,
} from "../mod.ts";
import { readLine } from "../scene/line.ts";
import { Stage } from "../scene/stage.ts";

const A = 0x7000;
const RW = PROT_READ | PROT_WRITE;

const test = suite("frames");

/** The picture after the lines of a scene. */
function picture(kernel: string, ...lines: string[]): string {
  const stage = new Stage(releaseNamed(kernel));
  for (const line of lines) {
    stage.run(readLine(line));
  }
  return framesText(stage.machine.state);
}

test("frames() names the page cache and the swap cache as owners, and what a slot holds", () => {
  assert.is(
    picture(
      "5.4.38",
      "P0 mmap a 2 shared",
      "P0 w a0 1",
      "P0 mmap b 3 priv",
      "P0 w b0 2",
      "P0 w b1 3",
      "P0 w b2 4",
      "P0 vms b0 0",
      "P0 madv b0 2 pageout",
    ),
    `
pfn 1   refcount 2  mapcount 1  0x01      pid 1 0x40000000 rw-, page cache
pfn 2   refcount 2  mapcount 0  0x02      pipe 0, swap cache
pfn 4   refcount 1  mapcount 1  0x04      pid 1 0x80002000 rw-
slot 1  entries 1               as pfn 2  pid 1 0x80000000 swapped
slot 2  entries 1               0x03      pid 1 0x80001000 swapped`.trim(),
  );
  assert.is(
    picture("6.1", "P0 mmap a 1 priv", "P0 w a0 1", "P0 madv a0 1 pageout"),
    "slot 1  entries 1    0x01  pid 1 swapped, exclusive",
  );
});

test("frames() shows of a file the pages that somebody uses", () => {
  assert.is(
    picture("6.1", "P0 mmap a 8 sfile", "P0 w a3 7"),
    `pfn 4  refcount 2  mapcount 1  0x07  pid 1 rw-, page cache`,
  );
});

test("frames() shows a device's page without counts, and not as in the page cache", () => {
  const m = new Lab(mapcount);
  m.driver("nic");
  const D = m.mmap(1, A, 1, RW, MAP_SHARED, m.open(1, "nic"));
  m.store(1, D, "bell");
  assert.is(String(frames(m.state)), `pfn 1  device page    "bell"  pid 1 rw-`);
});

test("frames() marks what is exclusive, merged, or given up", () => {
  const m = new Lab(anonExclusive);
  m.mmap(1, A, 4);
  for (const [page, text] of ["same", "same", "lazy"].entries()) {
    m.store(1, A + page * 4096, text);
  }
  m.madvise(1, A, 2, MADV_MERGEABLE);
  m.madvise(1, A + 2 * 4096, 1, MADV_FREE);
  for (let scan = 0; scan < 3; scan++) m.ksmScan();
  assert.is(
    String(frames(m.state)),
    `
pfn 2  refcount 2  mapcount 2  KSM                 "same"  pid 1 0x7000 r--,
                                                           pid 1 0x8000 r--
pfn 3  refcount 1  mapcount 1  exclusive lazyfree  "lazy"  pid 1 0x9000 rw-`.trim(),
  );
});

test("frames() orders owners by process, then by address, then holders as they came", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 2);
  m.store(1, A + 4096, "second");
  m.store(1, A, "first");
  m.get_user_pages(1, A, 1, 0, "zoo");
  m.get_user_pages(1, A, 1, 0, "ant");
  m.fork(1);
  m.thread(2);
  assert.is(
    String(frames(m.state)),
    `
pfn 1  refcount 2  mapcount 2  "second"  pid 1 0x8000 r--, pid 2+3 0x8000 r--
pfn 2  refcount 4  mapcount 2  "first"   pid 1 0x7000 r--, pid 2+3 0x7000 r--,
                                         zoo, ant
✓ whole: both holders work on what their processes see`.trim(),
  );
});

test("frames() fills a line to its 80th column, and not beyond", () => {
  const wide = (holder: string) => {
    const m = new Lab(mapcount);
    m.mmap(1, A);
    m.store(1, A, "x");
    m.get_user_pages(1, A, 1, 0, holder);
    return framesText(m.state).split("\n").map((line) => line.length);
  };
  const head = `pfn 1  refcount 2  mapcount 1  "x"  pid 1 rw-, `.length;
  assert.equal(wide("h".repeat(80 - head)), [80]);
  assert.equal(wide("h".repeat(81 - head)), [head - 1, 36 + 81 - head]);
});

test("frames() shows a frame that was freed under a careless holder", () => {
  const m = new Lab(mapcount);
  m.driver("nic", { references: false });
  m.mmap(1, A);
  m.register(1, m.open(1, "nic"), A, 1, 1);
  m.munmap(1, A);
  assert.is(
    String(frames(m.state)),
    `pfn 1  freed      nic\n✗ freed and still held: nic works on pfn 1`,
  );
});

test("framesText() leaves the verdict out", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  m.store(1, A, "x");
  m.get_user_pages(1, A, 1, 0, "nic");
  const text = `pfn 1  refcount 2  mapcount 1  "x"  pid 1 rw-, nic`;
  assert.is(framesText(m.state), text);
  assert.is(String(frames(m.state)), `${text}\n✓ whole: nic works on what pid 1 sees`);
});

test("maps() shows the mappings of a process with their flags, and of nobody that there are none", () => {
  const m = new Lab(mapcount);
  m.mmap(1, 0x10000, 1, PROT_READ | 4, MAP_SHARED | MAP_ANONYMOUS);
  m.mmap(1, 0x20000, 2, RW);
  m.mlock(1, 0x21000, 1);
  m.madvise(1, 0x21000, 1, MADV_MERGEABLE);
  m.driver("nic");
  m.mmap(1, 0x30000, 1, RW, MAP_SHARED, m.open(1, "nic"));
  assert.is(
    String(maps(m.state, 1)),
    `
0x10000-0x11000 r-xs
0x20000-0x21000 rw-p
0x21000-0x22000 rw-p  LOCKED  MERGEABLE
0x30000-0x31000 rw-s  DONTCOPY  IO`.trim(),
  );
  assert.is(String(maps(m.state, 9)), "pid 9 maps nothing");
});

test("frames() puts owners below a frame that leaves them no room, and stays within 80 columns", () => {
  const m = new Lab(anonExclusive);
  const far = 0x7f0000000000;
  m.mmap(1, far, 2);
  m.store(1, far, "a page whose contents are long");
  m.store(1, far + PAGE_SIZE, "b");
  m.madvise(1, far, 1, MADV_PAGEOUT);
  m.pin_user_pages(1, far + PAGE_SIZE, 1, FOLL_WRITE, "nic");
  const text = String(frames(m.state));
  assert.is(
    text,
    `
pfn 2   refcount 1025  mapcount 1  exclusive  "b"
    pid 1 0x7f0000001000 rw-, nic (pin)
slot 1  entries 1                             "a page whose contents ar…"
    pid 1 0x7f0000000000 swapped, exclusive
✓ whole: nic works on what pid 1 sees
`.trim(),
  );
  for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
});

test.run();
