// Where two kernels part, and what came and went between two moments.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  anonExclusive,
  difference,
  eras,
  Lab,
  MADV_PAGEOUT,
  parting,
  releaseNamed,
  scenes,
  sentence,
} from "./mod.ts";

const test = suite("parting");
const scene = (name: string) => scenes.get(name)!;

test("parting() shows the first operation in which two eras do not do the same, and why", () => {
  const view = parting(
    scene("pin-mprotect"),
    releaseNamed("page_count"),
    releaseNamed("anon_exclusive"),
  );
  assert.is(
    String(view),
    `
page_count and anon_exclusive part at: P0 mprot a0 1 rw
page_count: ok
  pfn 1  refcount 1025  mapcount 1  0x01  pid 1 r--, pin 0 (pin)
anon_exclusive: ok
  pfn 1  refcount 1025  mapcount 1  exclusive  0x01  pid 1 rw-, pin 0 (pin)
`.trim(),
  );
});

test("parting() says what each kernel went by", () => {
  const text = String(
    parting(scene("pin-fork-parent-writes"), releaseNamed("5.4.38"), releaseNamed("5.10.223")),
  );
  assert.match(text, /^5\.4\.38 and 5\.10\.223 part at: P0 fork P1\n/);
  assert.match(
    text,
    /\n5\.10\.223: ok\n {2}copy_present_page \(page_count\): copy pfn 1: refcount 1025/,
  );
});

test("parting() sees what becomes writable, though the answers are the same", () => {
  const lines = ["P0 mmap a 1 priv", "P0 w a0 1", "P0 madv a0 1 pageout", "P0 r a0", "P0 w a0 2"];
  const [older, newer] = [releaseNamed("6.1.176"), releaseNamed("6.12.107")];
  assert.is(
    String(parting({ lines }, older, newer)),
    `
6.1.176 and 6.12.107 part at: P0 r a0
6.1.176: =1 f1
  do_swap_page (anon_exclusive): slot 1 to pfn 2: nobody else has it
  pfn 2  refcount 1  mapcount 1  exclusive  0x01  pid 1 r--
6.12.107: =1 f1
  do_swap_page (ro_longterm): slot 1 to pfn 2: nobody else has it
  pfn 2  refcount 1  mapcount 1  exclusive  0x01  pid 1 rw-`.trim(),
  );
});

test("parting() of a race is none: explore() it", () => {
  const lines = ["race", "A: P0 r a0", "end"], release = releaseNamed("mapcount");
  assert.throws(
    () => parting({ lines }, release, release),
    (error: unknown) => error instanceof RangeError && /a race has many orders/.test(error.message),
  );
});

test("parting() of kernels that do the same says so", () => {
  for (const { name } of eras) {
    const [one, other] = [releaseNamed(name), releaseNamed("large_folio")];
    assert.is(
      String(parting(scene("pin-dontfork"), one, other)),
      `${name} and large_folio do the same`,
    );
  }
});

test("difference() lists the frames and slots that are not the same at two moments", () => {
  const m = new Lab(anonExclusive);
  m.mmap(1, 0x7000, 2);
  m.store(1, 0x7000, "one");
  m.store(1, 0x8000, "two");
  const before = m.trace.length;
  m.madvise(1, 0x8000, 1, MADV_PAGEOUT);
  m.fork(1);
  assert.is(
    String(difference(m.at(before), m.state)),
    `
- pfn 1  refcount 1  mapcount 1  exclusive  "one"  pid 1 0x7000 rw-
+ pfn 1  refcount 2  mapcount 2  "one"  pid 1 0x7000 r--, pid 2 0x7000 r--
- pfn 2  refcount 1  mapcount 1  exclusive  "two"  pid 1 0x8000 rw-
+ slot 1  entries 2  "two"  pid 1 0x8000 swapped,
    pid 2 0x8000 swapped
`.trim(),
  );
  assert.is(String(difference(m.state, m.state)), "nothing changed");
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
    if (event.type === "op" || event.type === "note") chain.push(sentence(event));
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
