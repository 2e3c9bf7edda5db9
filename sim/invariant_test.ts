// Each invariant is broken once, by an era that answers wrongly or by a state that was written by hand, and is noticed.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { anonExclusive, type Era, FOLL_PIN, FOLL_WRITE, Lab, mapcount, pageCount } from "./mod.ts";

const A = 0x7000;

function started(era: Era): Lab {
  const m = new Lab(era);
  m.mmap(1, A);
  m.store(1, A, "0");
  return m;
}

const test = suite("invariant");

test("a frame that two page tables map is writable in neither", () => {
  for (const era of [mapcount, pageCount]) {
    const m = started({ ...era, wpCanReuse: () => true });
    m.fork(1);
    assert.throws(() => m.store(1, A, "P"), "pfn 1 writable in mm 1 and mapped 2 times");
  }
});

test("a writable frame is exclusive, where the era keeps the mark", () => {
  const m = started(anonExclusive);
  m.emit({ type: "exclusive", pfn: 1, value: false });
  assert.throws(() => m.string(1, A), "pfn 1 writable in mm 1 and not exclusive");
});

test("an exclusive frame is mapped once", () => {
  const m = started(anonExclusive);
  m.fork(1);
  m.emit({ type: "exclusive", pfn: 1, value: true });
  assert.throws(() => m.string(1, A), "pfn 1 is exclusive and mapped 2 times");
});

test("what is pinned is exclusive: fork may not share it", () => {
  const m = started({ ...anonExclusive, forkMustCopy: () => false });
  m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
  assert.throws(() => m.fork(1), "pfn 1 is pinned and not exclusive");
});

test("what is pinned is exclusive: a read-only pin must unshare first", () => {
  const m = started({ ...anonExclusive, gupMustUnshare: () => false });
  m.fork(1);
  assert.throws(
    () => m.get_user_pages(1, A, 1, FOLL_PIN, "nic"),
    "pfn 1 is pinned and not exclusive",
  );
});

test("counts are the owners': a frame given away under its mapping is noticed", () => {
  const m = started(mapcount);
  m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
  m.emit({ type: "free", pfn: 1 });
  assert.throws(() => m.string(1, A), "pfn 1 has refcount 1 and 2 owners");
  m.emit({ type: "free", pfn: 1 });
  assert.throws(
    () => m.string(1, A),
    /mapped by mm 1 at page 0x7 and freed|was freed and is still/,
  );
});

test.run();
