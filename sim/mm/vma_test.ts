// Mappings: when they are cut and joined. What answered() runs is answered so by Linux 6.18.44.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { held } from "../scene/held.ts";
import {
  Lab,
  MADV_DOFORK,
  MADV_DONTFORK,
  MADV_NORMAL,
  mapcount,
  maps,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  releaseNamed,
} from "../mod.ts";
import { mapsText } from "../address.ts";

const A = 0x1b000;
const RW = PROT_READ | PROT_WRITE;

const test = suite("vma");

/** Holds a scene against what Linux 6.18.44 answered. */
const answered = (text: string) => assert.equal(...held(releaseNamed("6.18.44"), text));

test("MADV_DONTFORK cuts a mapping, MADV_DOFORK joins it again", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a0 1 -> ok f1 new
    P0 madv a1 1 dontfork
    P0 fork P1
    P0 madv a1 1 dofork
    P0 fork P2
    P0 w a1 2 -> ok f1 new
    P0 fork P3
    * snap a0 4 -> P0=A.4,B.2,-,- P1=A.4,-,-,- P2=A.4,-,-,- P3=A.4,B.2,-,-
  `);
});

test("advice that is taken back joins what it cut on both sides", () => {
  answered(`
    P0 mmap a 6 priv
    P0 w a0 1 -> ok f1 new
    P0 r a3 -> =0 f1
    P0 r a5 -> =0 f1
    P0 madv a2 2 dontfork
    P0 madv a2 2 dofork
    P0 madv a4 2 wipeonfork
    P0 w a4 2 -> ok f1 new
    P0 madv a4 2 keeponfork
    P0 fork P1
    * snap a0 6 -> P0=A.2,-,-,Z,B.2,Z P1=A.2,-,-,Z,B.2,Z
  `);
});

test("two mappings with a gap stay two, whatever is written", () => {
  answered(`
    P0 mmap a 6 priv
    P0 munmap a2 2
    P0 w a0 1 -> ok f1 new
    P0 w a4 1 -> ok f1 new
    P0 r a5 -> =0 f1
    P0 mmap a 0 priv -> EINVAL
    P0 fork P1
    * snap a0 6 -> P0=A.2,-,-,-,B.2,Z P1=A.2,-,-,-,B.2,Z
  `);
});

test("fork copies no entry of a mapping that never had a page", () => {
  answered(`
    P0 mmap a 6 priv
    P0 munmap a2 1
    P0 w a0 1 -> ok f1 new
    P0 r a5 -> =0 f1
    P0 fork P1
    * snap a0 6 -> P0=A.2,-,-,-,-,Z P1=A.2,-,-,-,-,-
  `);
});

test("advice over several mappings changes those that it concerns", () => {
  answered(`
    P0 mmap a 6 priv
    P0 w a0 1 -> ok f1 new
    P0 madv a1 1 dontfork
    P0 madv a3 1 wipeonfork
    P0 madv a5 1 dontfork
    P0 madv a0 6 dofork
    P0 fork P1
    * snap a0 6 -> P0=A.2,-,-,-,-,- P1=A.2,-,-,-,-,-
    P1 r a3 -> =0 f1
    P0 madv a0 6 keeponfork
    P0 fork P2
    P2 r a3 -> =0 f1
  `);
});

test("between two mappings that have pages of their own nothing is joined", () => {
  answered(`
    P0 mmap a 6 priv
    P0 mprot a2 2 r
    P0 w a4 1 -> ok f1 new
    P0 w a0 1 -> ok f1 new
    P0 mprot a2 2 rw
    P0 r a3 -> =0 f1
    P0 fork P1
    * snap a0 6 -> P0=A.2,-,-,Z,B.2,- P1=A.2,-,-,Z,B.2,-
  `);
});

test("a debugger writes to a part that may only be read, and it is joined again", () => {
  answered(`
    P0 mmap a 4 priv
    P0 mprot a2 2 r
    P0 w a0 1 -> ok f1 new
    P0 mw a2 5 -> ok new
    P0 mprot a2 2 rw
    P0 r a3 -> =0 f1
    P0 fork P1
    * snap a0 4 -> P0=A.2,-,B.2,Z P1=A.2,-,B.2,Z
  `);
});

test("what MADV_DONTFORK cut is joined in the child of a child, too", () => {
  answered(`
    P0 mmap a 4 priv
    P0 madv a2 2 dontfork
    P0 w a0 1 -> ok f1 new
    P0 w a2 1 -> ok f1 new
    P0 madv a2 2 dofork
    P0 r a3 -> =0 f1
    P0 fork P1
    P1 madv a0 4 dontfork
    P1 madv a0 4 dofork
    P1 fork P2
    * snap a0 4 -> P0=A.3,-,B.3,Z P1=A.3,-,B.3,Z P2=A.3,-,B.3,Z
  `);
});

test("MADV_WIPEONFORK keeps one page of three from the child", () => {
  answered(`
    P0 mmap a 3 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    P0 w a2 3 -> ok f1 new
    P0 madv a1 1 wipeonfork
    P0 fork P1
    * snap a0 3 -> P0=A.2,Bx1,C.2 P1=A.2,-,C.2
    P1 r a1 -> =0 f1
    P0 madv a0 3 keeponfork
    P0 fork P2
    P2 r a1 -> =2 f0
  `);
});

test("MADV_POPULATE_READ of a file maps its neighbours", () => {
  answered(`
    P0 mmap a 8 pfile
    P0 madv a2 1 populate_read
    * snap a0 8 -> P0=Ax1f,Bx1f,Cx1f,Dx1f,Ex1f,Fx1f,Gx1f,Hx1f
  `);
});

test("MADV_POPULATE_WRITE breaks the sharing, MADV_POPULATE_READ does not", () => {
  answered(`
    P0 mmap a 4 priv
    P0 madv a0 4 populate_write
    P0 fork P1
    P1 madv a0 2 populate_read
    P1 madv a2 2 populate_write
    * snap a0 4 -> P0=A.2,B.2,Cx1,Dx1 P1=A.2,B.2,Ex1,Fx1
    P1 w a0 1 -> ok f1 copy
    P1 w a2 1 -> ok f0 same
  `);
});

test("a mapping beside one with pages is one with it, on either side and in a gap", () => {
  for (const order of [[0, 2], [2, 0], [0, 4, 2], [4, 0, 2]]) {
    const m = new Lab(mapcount), [first] = order;
    for (const page of order) {
      m.mmap(1, A + page! * 4096, 2);
      if (page === first) m.store(1, A + page! * 4096, "x");
    }
    const pages = 2 * order.length;
    assert.is(String(maps(m.state, 1)), `0x1b000-0x${(A + pages * 4096).toString(16)} rw-p`);
    for (let page = 0; page < pages; page++) m.string(1, A + page * 4096);
    const child = m.fork(1);
    assert.is(m.mm(child).ptes.size, pages, `${order}: fork copies the whole of it`);
  }
});

test("two mappings that each have pages stay two, and what lies between joins the first", () => {
  const m = new Lab(mapcount);
  for (const page of [0, 4]) {
    m.mmap(1, A + page * 4096, 2);
    m.store(1, A + page * 4096, "x");
  }
  m.mmap(1, A + 2 * 4096, 2);
  assert.is(String(maps(m.state, 1)), "0x1b000-0x1f000 rw-p\n0x1f000-0x21000 rw-p");
});

test("a child's mappings that have pages do not join what has none", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 2);
  m.store(1, A, "x");
  const child = m.fork(1);
  m.mmap(child, A + 2 * 4096, 1);
  m.mmap(child, A - 4096, 1);
  assert.is(
    String(maps(m.state, child)),
    "0x1a000-0x1b000 rw-p\n0x1b000-0x1d000 rw-p\n0x1d000-0x1e000 rw-p",
  );
});

test("munmap() takes what lies within its range, whole mappings and parts of two", () => {
  const CASES: [from: number, pages: number, left: string][] = [
    [0, 1, "0x1c000-0x1e000 rw-p, 0x1f000-0x21000 r--p, 0x21000-0x22000 rw-p"],
    [2, 1, "0x1b000-0x1d000 rw-p, 0x1f000-0x21000 r--p, 0x21000-0x22000 rw-p"],
    [
      1,
      1,
      "0x1b000-0x1c000 rw-p, 0x1d000-0x1e000 rw-p, 0x1f000-0x21000 r--p, 0x21000-0x22000 rw-p",
    ],
    [2, 3, "0x1b000-0x1d000 rw-p, 0x20000-0x21000 r--p, 0x21000-0x22000 rw-p"],
    [3, 1, "0x1b000-0x1e000 rw-p, 0x1f000-0x21000 r--p, 0x21000-0x22000 rw-p"],
    [4, 2, "0x1b000-0x1e000 rw-p, 0x21000-0x22000 rw-p"],
    [0, 9, "nothing"],
  ];
  for (const [from, pages, left] of CASES) {
    const m = new Lab(mapcount);
    m.mmap(1, A, 3);
    m.mmap(1, A + 4 * 4096, 2, PROT_READ);
    m.mmap(1, A + 6 * 4096, 1);
    m.munmap(1, A + from * 4096, pages);
    assert.is(mapsText(m.mm(1)), left);
  }
});

test("a child's mapping that never had a page brings its own child none", () => {
  answered(`
    P0 mmap a 2 priv
    P0 fork P1
    P1 r a0 -> =0 f1
    P1 fork P2
    * snap a0 2 -> P0=-,- P1=Z,- P2=-,-
    P1 w a1 1 -> ok f1 new
    P1 fork P3
    * snap a0 2 -> P0=-,- P1=Z,A.2 P2=-,- P3=Z,A.2
  `);
});

test("a mapping takes its neighbour's anon_vma where the two differ in permissions alone, on either side", () => {
  const joined = (first: number, second: number, mark: number, unmark: number) => {
    const m = new Lab(mapcount);
    m.mmap(1, A, 4);
    m.mprotect(1, A + 2 * 4096, 2, RW | PROT_EXEC);
    m.madvise(1, A + 2 * 4096, 2, mark);
    m.store(1, A + first * 4096, "first");
    m.store(1, A + second * 4096, "second");
    m.madvise(1, A + 2 * 4096, 2, unmark);
    m.mprotect(1, A + 2 * 4096, 2, RW);
    return m.mm(1).vmas.length === 1;
  };
  for (const [first, second] of [[0, 2], [2, 0]] as const) {
    assert.is(joined(first, second, MADV_NORMAL, MADV_NORMAL), true);
    assert.is(joined(first, second, MADV_DONTFORK, MADV_DOFORK), false);
  }
});

test("no anon_vma is taken from a neighbour that a fork has made, or that lies elsewhere", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 4);
  m.mprotect(1, A + 2 * 4096, 2, RW | PROT_EXEC);
  m.store(1, A, "old");
  const child = m.fork(1);
  m.store(child, A + 2 * 4096, "new");
  m.mprotect(child, A + 2 * 4096, 2, RW);
  assert.is(m.mm(child).vmas.length, 2);
  const gap = new Lab(mapcount);
  gap.mmap(1, A, 1);
  gap.mmap(1, A + 2 * 4096, 1);
  gap.store(1, A, "x");
  gap.store(1, A + 2 * 4096, "y");
  gap.mmap(1, A + 4096, 1);
  assert.is(String(maps(gap.state, 1)), "0x1b000-0x1d000 rw-p\n0x1d000-0x1e000 rw-p");
});

test.run();
