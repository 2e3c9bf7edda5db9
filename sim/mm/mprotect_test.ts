// mprotect: what entries become. What answered() runs is answered so by Linux 6.18.44.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { held } from "../scene/held.ts";
import {
  eras,
  framesText,
  Lab,
  largeFolio,
  MAP_ANONYMOUS,
  MAP_SHARED,
  maps,
  PROT_DONTCOPY,
  PROT_EXEC,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
  releaseNamed,
} from "../mod.ts";

const A = 0x1b000;

const test = suite("mprotect");

/** Holds a scene against what Linux 6.18.44 answered. */
const answered = (text: string) => assert.equal(...held(releaseNamed("6.18.44"), text));

test("what a locked mapping that becomes writable is faulted in for may fail, and mprotect does not say so", () => {
  answered(`
    P0 mmap a 9 pfile
    P0 mlock a0 9 -> ENOMEM
    P0 mprot a0 9 r
    P0 mprot a0 9 rw
    P0 w a0 1 -> ok f0 same
    P0 w a8 1 -> sigbus
  `);
});

test("a private mapping that becomes writable is accounted for, which keeps it from merging", () => {
  answered(`
    P0 mmap a 2 priv
    P0 mprot a0 2 r
    P0 r a1 -> =0 f1
    P0 mprot a0 1 rw
    P0 w a0 1 -> ok f1 new
    P0 mprot a0 1 r
    P0 fork P3
    * snap a0 2 -> P0=A.2,Z P3=A.2,-
  `);
});

test("an entry of shared memory becomes writable with its mapping", () => {
  answered(`
    P0 mmap a 3 shared
    P0 w a0 1 -> ok f1 new
    P0 mprot a0 3 r
    P0 r a1 -> =0 f1
    P0 w a0 2 -> segv
    P0 mprot a0 3 rw
    P0 w a0 2 -> ok f0 same
    P0 w a1 2 -> ok f0 same
    P0 fork P1
    * snap a0 3 -> P0=Ax1f,Bx1f,- P1=-,-,-
  `);
});

test("a private entry becomes writable with its mapping where its frame is exclusive", () => {
  answered(`
    P0 mmap a 3 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 1 -> ok f1 new
    P0 fork P1
    P0 w a0 2 -> ok f1 copy
    P0 mprot a0 3 r
    P0 mprot a0 3 rw
    P0 w a0 3 -> ok f0 same
    P0 w a1 3 -> ok f1 copy
    P0 w a2 3 -> ok f1 new
    * snap a0 3 -> P0=Ax1,Bx1,Cx1 P1=Dx1,Ex1,-
  `);
});

test("a page that comes back to a read-only mapping is read-only", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 1 -> ok f1 new
    P0 madv a0 2 pageout
    P0 mprot a0 2 r
    P0 r a0 -> =1 f1
    P0 mprot a0 2 rw
    P0 w a0 2 -> ok f0 same
    P0 w a1 2 -> ok f1 new
  `);
});

test("one call over several mappings, some of which are cut", () => {
  answered(`
    P0 mmap a 6 priv
    P0 w a0 1 -> ok f1 new
    P0 w a2 1 -> ok f1 new
    P0 w a4 1 -> ok f1 new
    P0 mprot a1 1 r
    P0 mprot a4 1 none
    P0 mprot a0 6 r
    P0 w a2 1 -> segv
    P0 r a4 -> =1 f0
    P0 mprot a0 6 rw
    P0 w a0 1 -> ok f0 same
    P0 w a2 1 -> ok f0 same
    P0 w a4 1 -> ok f0 same
    P0 w a5 1 -> ok f1 new
    P0 fork P1
    * snap a0 6 -> P0=A.2,-,B.2,-,C.2,D.2 P1=A.2,-,B.2,-,C.2,D.2
  `);
});

test("a swapped-out page comes back as its mapping is by then", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 1 -> ok f1 new
    P0 madv a0 2 pageout
    P0 mprot a0 1 r
    P0 mprot a0 2 rw
    P0 mprot a1 1 none
    P0 mprot a1 1 rw
    P0 w a0 3 -> ok f1 new
    P0 r a1 -> =1 f1
    P0 w a1 3 -> ok f0 same
  `);
});

test("mprotect() of shared memory changes what it says, and no accounting", () => {
  const m = new Lab(largeFolio);
  m.mmap(1, A, 1, PROT_READ, MAP_SHARED | MAP_ANONYMOUS);
  m.mprotect(1, A, 1, PROT_WRITE);
  assert.is(String(maps(m.state, 1)), "0x1b000-0x1c000 -w-s");
  m.mmap(1, A + 4096, 1);
  m.mprotect(1, A + 4096, 1, PROT_READ | PROT_EXEC);
  assert.is(String(maps(m.state, 1)), "0x1b000-0x1c000 -w-s\n0x1c000-0x1d000 r-xp");
});

test("mprotect() write-protects at once, and leaves to the next write what it may write", () => {
  for (const era of eras) {
    const m = new Lab(era), exclusive = era.anonExclusive ? "  exclusive" : "";
    m.mmap(1, A, 1);
    m.store(1, A, "x");
    m.mprotect(1, A, 1, PROT_READ);
    const shown = () => framesText(m.state);
    assert.is(shown(), `pfn 1  refcount 1  mapcount 1${exclusive}  "x"  pid 1 r--`);
    m.mprotect(1, A, 1, PROT_READ | PROT_WRITE);
    const bits = era.mprotectUpgrades ? "rw-" : "r--";
    assert.is(shown(), `pfn 1  refcount 1  mapcount 1${exclusive}  "x"  pid 1 ${bits}`);
    m.mprotect(1, A, 1, PROT_NONE);
    assert.is(shown(), `pfn 1  refcount 1  mapcount 1${exclusive}  "x"  pid 1 r--`);
  }
});

test("a refusal names what was asked for, the proposed bits included", () => {
  const m = new Lab(largeFolio, { proposals: { PROT_DONTCOPY: true } });
  m.mmap(1, A, 1);
  const vma = { ...m.mm(1).vmas[0]!, start: A + 0x10000, end: A + 0x11000, flags: 0x11 };
  m.emit({ type: "vmas", mm: 1, index: 1, removed: 0, vmas: [vma] });
  assert.throws(
    () => m.mprotect(1, A + 0x10000, 1, PROT_READ | PROT_WRITE | PROT_DONTCOPY),
    /the mapping may not be given 0x4000003$/,
  );
});

test.run();
