// The film of a trace.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FOLL_WRITE, Lab, Machine, mapcount, type Step, STEPS, steps } from "../mod.ts";

const test = suite("steps");

function accident(): Lab {
  const m = new Lab(mapcount);
  m.mmap(1, 0x7000);
  m.store(1, 0x7000, "buffer");
  m.get_user_pages(1, 0x7000, 1, FOLL_WRITE, "hca");
  m.fork(1);
  m.string(1, 0x7000);
  m.store(1, 0x7000, "reply");
  return m;
}

test("steps() has a picture for each operation that changed it, says why, and marks what changed", () => {
  assert.is(
    String(steps(accident().trace)),
    `
store(pid 1, 0x7000, "buffer")
  + pfn 1  refcount 1  mapcount 1  "buffer"  pid 1 rw-
get_user_pages(pid 1, 0x7000, 1 page) for hca
    pfn 1  refcount 1→2  mapcount 1  "buffer"  pid 1 rw-, +hca
    ✓ whole: hca works on what pid 1 sees
fork(pid 1), the child is pid 2
    pfn 1  refcount 2→3  mapcount 1→2  "buffer"  pid 1 rw-→r--, +pid 2 r--, hca
    ✓ whole: hca works on what pid 1 sees
store(pid 1, 0x7000, "reply")
  do_wp_page (mapcount): copy pfn 1: refcount 3, mapcount 2
    pfn 1  refcount 3→2  mapcount 2→1  "buffer"  pid 2 r--, hca
  + pfn 2  refcount 1    mapcount 1    "reply"   pid 1 rw- (from pfn 1)
    ✗ parted: pid 1 sees pfn 2, its hca works on pfn 1`.trim(),
  );
});

test("steps() shows once more what is gone: a mapping, a frame that was freed", () => {
  const m = new Lab(mapcount);
  m.mmap(1, 0x7000);
  m.store(1, 0x7000, "shared");
  m.fork(1);
  const from = m.trace.length;
  m.munmap(2, 0x7000);
  m.munmap(1, 0x7000);
  m.mmap(1, 0x8000);
  m.store(1, 0x8000, "another");
  assert.is(
    String(steps(m.trace, from)),
    `
munmap(pid 2, 0x7000, 1 page)
    pfn 1  refcount 2→1  mapcount 2→1  "shared"  pid 1 r--, -pid 2 r--
munmap(pid 1, 0x7000, 1 page)
  - pfn 1  freed
store(pid 1, 0x8000, "another")
  + pfn 2  refcount 1  mapcount 1  "another"  pid 1 rw-`.trim(),
  );
});

test("steps() keeps every picture within 80 columns, its margin included", () => {
  const m = new Lab(mapcount);
  m.mmap(1, 0x7000, 3);
  for (let page = 0; page < 3; page++) m.store(1, 0x7000 + page * 4096, "x".repeat(10 * page));
  for (let child = 0; child < 8; child++) m.fork(1);
  m.get_user_pages(1, 0x8000, 1, FOLL_WRITE, "a holder with a long name");
  m.store(1, 0x8000, "parted");
  for (const line of String(steps(m.trace)).split("\n")) assert.ok(line.length <= 80, line);
});

test("steps() from a later event begins there, and its drawing is the last picture", () => {
  const m = accident();
  const fork = m.trace.findIndex((event) => event.type === "op" && event.call === "fork");
  const shown = steps(m.trace, fork)[Symbol.for("Jupyter.display")]!();
  const film = JSON.parse(shown[STEPS]!) as Step[];
  assert.equal(film.map(({ operation }) => operation.split("(")[0]), ["fork", "store"]);
  assert.is(shown["image/svg+xml"], film[1]!.svg);
});

test("steps() from the last event of an operation begins with that one, from the next without it", () => {
  const m = new Lab(mapcount);
  m.mmap(1, 0x7000);
  m.store(1, 0x7000, "one");
  const last = m.trace.length - 1;
  m.store(1, 0x7000, "two");
  const captions = (from: number) =>
    String(steps(m.trace, from)).split("\n").filter((line) => line.startsWith("store"));
  assert.equal(captions(last), ['store(pid 1, 0x7000, "one")', 'store(pid 1, 0x7000, "two")']);
  assert.equal(captions(last + 1), ['store(pid 1, 0x7000, "two")']);
});

test("steps() leaves out what was there before the first operation", () => {
  const m = new Machine(mapcount);
  m.emit({ type: "alloc", pfn: 1, from: undefined });
  m.emit({ type: "get", pfn: 1, refs: 1, holder: "boot" });
  assert.is(String(steps(m.trace)), "nothing changed");
  m.op("the first");
  m.emit({ type: "store", pfn: 1, offset: 0, bytes: [65] });
  assert.is(String(steps(m.trace)), 'the first\n    pfn 1  refcount 2  mapcount 0  "A"  boot');
});

test("steps() of a trace in which nothing changed says so, and draws that nothing is there", () => {
  const view = steps(new Lab(mapcount).trace);
  assert.is(String(view), "nothing changed");
  assert.match(view[Symbol.for("Jupyter.display")]!()["image/svg+xml"], /no frame is in use/);
});

test.run();
