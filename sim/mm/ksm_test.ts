// KSM: what is merged, when, and what breaks it up. What answered() runs is answered so by Linux 6.18.44.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { held } from "../scene/held.ts";
import {
  type Era,
  eras,
  Lab,
  largeFolio,
  MADV_DONTNEED,
  MADV_FREE,
  MADV_MERGEABLE,
  MADV_UNMERGEABLE,
  MAP_ANONYMOUS,
  MAP_SHARED,
  mapcount,
  maps,
  releaseNamed,
} from "../mod.ts";

const A = 0x1b000;

const test = suite("ksm");

/** Holds a scene against what Linux 6.18.44 answered. */
const answered = (text: string) => assert.equal(...held(releaseNamed("6.18.44"), text));

test("pages of two processes merge, and those that fork has shared with them", () => {
  answered(`
    P0 mmap a 3 priv
    P0 madv a0 3 mergeable
    P0 w a0 5 -> ok f1 new
    P0 fork P1
    P1 w a1 5 -> ok f1 new
    P0 w a2 6 -> ok f1 new
    * ksm
    * snap a0 3 -> P0=A.3,-,Bx1 P1=A.3,A.3,-
    P1 w a2 6 -> ok f1 new
    * ksm
    * snap a0 3 -> P0=A.3,-,B.2 P1=A.3,A.3,B.2
    P0 w a0 7 -> ok f1 copy
    P1 w a0 7 -> ok f1 copy
    * ksm
    * snap a0 3 -> P0=Ax1,-,B.2 P1=Cx1,Dx1,B.2
    * unksm
    * snap a0 3 -> P0=Ax1,-,Bx1 P1=Cx1,Dx1,Ex1
    P0 w a0 1 -> ok f0 same
  `);
});

test("a page that four scans could not merge is passed over, and not merged by the next four", () => {
  answered(`
    P0 mmap a 3 priv
    P0 madv a0 3 mergeable
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    * ksm
    P0 w a1 1 -> ok f0 same
    * ksm
    * snap a0 3 -> P0=Ax1,Bx1,-
  `);
});

test("after eight scans, it is merged by the second four", () => {
  answered(`
    P0 mmap a 3 priv
    P0 madv a0 3 mergeable
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    * ksm
    * ksm
    P0 w a1 1 -> ok f0 same
    * ksm
    * snap a0 3 -> P0=Ax1,Bx1,-
    * ksm
    * snap a0 3 -> P0=A.2,A.2,-
  `);
});

test("after sixteen scans, by the fourth four", () => {
  answered(`
    P0 mmap a 3 priv
    P0 madv a0 3 mergeable
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    * ksm
    * ksm
    * ksm
    * ksm
    P0 w a1 1 -> ok f0 same
    * ksm
    * snap a0 3 -> P0=Ax1,Bx1,-
    * ksm
    * snap a0 3 -> P0=Ax1,Bx1,-
    * ksm
    * snap a0 3 -> P0=Ax1,Bx1,-
    * ksm
    * snap a0 3 -> P0=A.2,A.2,-
  `);
});

test("a page in the swap cache merges", () => {
  answered(`
    P0 mmap a 3 priv
    P0 madv a0 3 mergeable
    P0 w a0 1 -> ok f1 new
    P0 w a1 1 -> ok f1 new
    P0 w a2 1 -> ok f1 new
    P0 madv a2 1 pageout
    P0 r a2 -> =1 f1
    * ksm
    * snap a0 3 -> P0=A.3,A.3,A.3
    P0 w a2 2 -> ok f1 copy
  `);
});

test("MADV_UNMERGEABLE breaks up what it covers, and the rest is merged again", () => {
  answered(`
    P0 mmap a 3 priv
    P0 madv a0 3 mergeable
    P0 w a0 1 -> ok f1 new
    P0 w a1 1 -> ok f1 new
    * ksm
    P0 madv a0 1 unmergeable
    * snap a0 3 -> P0=Ax1,Bx1,-
    P0 w a0 2 -> ok f1 same
    P0 w a1 2 -> ok f1 copy
    * ksm
    * snap a0 3 -> P0=Ax1,Bx1,-
  `);
});

test("shared memory is never merged", () => {
  answered(`
    P0 mmap a 3 shared
    P0 madv a0 3 mergeable
    P0 w a0 1 -> ok f1 new
    P0 w a1 1 -> ok f1 new
    * ksm -> timeout
    * snap a0 3 -> P0=Ax1f,Bx1f,-
  `);
});

test("contents are equal up to the zeros at their ends, whichever has more of them", () => {
  answered(`
    P0 mmap a 4 priv
    P0 madv a0 4 mergeable
    P0 w a0 5 -> ok f1 new
    P0 w a1 5 -> ok f1 new
    P0 w a1+64 0 -> ok f0 same
    P0 w a2+64 0 -> ok f1 new
    P0 w a2 6 -> ok f0 same
    P0 w a3 6 -> ok f1 new
    * ksm
    * snap a0 4 -> P0=A.2,A.2,B.2,B.2
    P0 w a3+64 1 -> ok f1 copy
    * ksm
    * snap a0 4 -> P0=A.2,A.2,Bx1,Cx1
  `);
});

test("a page in the swap cache merges, its cache being no foreign reference", () => {
  answered(`
    P0 mmap a 2 priv
    P0 madv a0 2 mergeable
    P0 w a0 4 -> ok f1 new
    P0 w a1 4 -> ok f1 new
    P0 vms a0 0
    P0 madv a0 1 pageout
    P0 r a0 -> =4 f1
    * pr 0 -> =4
    * ksm
    * snap a0 2 -> P0=A.2,A.2
    P0 w a0 5 -> ok f1 copy
    P0 w a1 6 -> ok f1 copy
  `);
});

test("and so it does as the later one", () => {
  answered(`
    P0 mmap a 2 priv
    P0 madv a0 2 mergeable
    P0 w a0 4 -> ok f1 new
    P0 w a1 4 -> ok f1 new
    P0 vms a1 0
    P0 madv a1 1 pageout
    P0 r a1 -> =4 f1
    * pr 0 -> =4
    * ksm
    * snap a0 2 -> P0=A.2,A.2
    P0 madv a1 1 pageout
    * snap a0 2 -> P0=A.2,A.2
  `);
});

test("pages are merged by the scan that finds them unchanged: the second; a third page by the next that does", () => {
  const scans = (era: Era, late: boolean) => {
    const m = new Lab(era);
    m.mmap(1, A, 3);
    m.madvise(1, A, 3, MADV_MERGEABLE);
    for (const page of [0, 1]) m.store(1, A + page * 4096, "same");
    if (late) {
      for (let scan = 0; scan < 2; scan++) m.ksmScan();
      m.store(1, A + 2 * 4096, "same");
    }
    const merged = () => [...m.state.frames.values()].find(({ kind }) => kind === "ksm")?.mapcount;
    let count = 0;
    while (merged() !== (late ? 3 : 2)) {
      m.ksmScan();
      count++;
    }
    return count;
  };
  assert.equal(eras.map((era) => scans(era, false)), eras.map(() => 2));
  // Where the checksum is asked first, a page that is new must keep still first, too.
  assert.equal(eras.map((era) => scans(era, true)), eras.map((era) => era.ksmSmartScan ? 2 : 1));
});

test("two pairs merge in one scan", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 4);
  m.madvise(1, A, 4, MADV_MERGEABLE);
  for (const [page, text] of ["one", "two", "one", "two"].entries()) {
    m.store(1, A + page * 4096, text);
  }
  m.ksmScan();
  assert.is([...m.state.frames.values()].filter(({ kind }) => kind === "ksm").length, 0);
  m.ksmScan();
  assert.is([...m.state.frames.values()].filter(({ kind }) => kind === "ksm").length, 2);
});

test("a page that cannot be merged is passed over 1, 2, 4, and then 8 times", () => {
  const m = new Lab(largeFolio), seen: boolean[] = [];
  m.mmap(1, A);
  m.madvise(1, A, 1, MADV_MERGEABLE);
  for (let scan = 0; scan < 40; scan++) {
    m.store(1, A, `${scan}`); // whoever looks remembers what it saw
    m.ksmScan();
    const [item] = m.state.ksm.items.get(1)!.values();
    seen.push(String.fromCharCode(...item!.checksum!).startsWith(`${scan}\0`));
  }
  assert.is(
    seen.map((looked) => looked ? "x" : "-").join(""),
    "xxxx-x--x----x--------x--------x--------",
  );
});

test("ksmScan() says whether anything is left to scan, and forgets what went", () => {
  const m = new Lab(mapcount);
  assert.is(m.ksmScan(), false);
  m.mmap(1, A, 2);
  m.madvise(1, A, 2, MADV_MERGEABLE);
  m.store(1, A, "x");
  m.store(1, A + 4096, "y");
  const child = m.fork(1);
  assert.is(m.ksmScan(), true);
  const looked = () => [...m.state.ksm.items].map(([mm, items]) => `${mm}: ${items.size}`).join();
  assert.is(looked(), "1: 2,2: 2");
  m.madvise(1, A, 1, MADV_DONTNEED);
  m.madvise(child, A, 2, MADV_UNMERGEABLE);
  assert.is(m.ksmScan(), true);
  assert.is(looked(), "1: 1");
  m.ksmUnmerge();
  assert.is(looked(), "1: 0");
  m.munmap(1, A, 2);
  assert.is(m.ksmScan(), false);
  assert.equal([looked(), m.state.ksm.mms], ["", []]);
});

test("a file's and a device's mapping is not KSM's, whatever it is told", () => {
  const m = new Lab(mapcount);
  m.driver("nic");
  m.mmap(1, A, 1, 3, MAP_SHARED, m.open(1, "nic"));
  m.madvise(1, A, 1, MADV_MERGEABLE);
  m.mmap(1, A + 4096, 1, 3, MAP_SHARED | MAP_ANONYMOUS);
  m.madvise(1, A + 4096, 1, MADV_MERGEABLE);
  assert.is(String(maps(m.state, 1)), "0x1b000-0x1c000 rw-s  DONTCOPY  IO\n0x1c000-0x1d000 rw-s");
  assert.is(m.ksmScan(), false);
});

test("a child of who is enrolled is enrolled", () => {
  answered(`
    P0 mmap a 2 priv
    P0 madv a0 2 mergeable
    P0 w a0 3 -> ok f1 new
    P0 w a1 3 -> ok f1 new
    * ksm
    P0 fork P1
    * snap a0 2 -> P0=A.4,A.4 P1=A.4,A.4
    P0 w a0 4 -> ok f1 copy
    P1 w a1 4 -> ok f1 copy
    * ksm
    * snap a0 2 -> P0=A.2,B.2 P1=B.2,A.2
    P1 madv a0 2 unmergeable
    * snap a0 2 -> P0=Ax1,Bx1 P1=Cx1,Dx1
    P1 w a0 5 -> ok f1 same
    P0 exit
    * ksm -> timeout
    * snap a0 2 -> P1=Ax1,Bx1
  `);
});

test("a locked page merges, a pinned one does not", () => {
  answered(`
    P0 mmap a 3 priv
    P0 madv a0 3 mergeable
    P0 w a0 3 -> ok f1 new
    P0 w a1 3 -> ok f1 new
    P0 w a2 3 -> ok f1 new
    P0 mlock a0 1
    P0 pin a2 1 0
    * ksm
    * snap a0 3 -> P0=A.2,A.2,Bx1
    P0 w a0 4 -> ok f1 copy
    * unpin 0
    * ksm
    * snap a0 3 -> P0=Ax1,B.2,B.2
  `);
});

test("whoever pins or writes gets a page of its own back", () => {
  answered(`
    P0 mmap a 3 priv
    P0 madv a0 3 mergeable
    P0 w a0 3 -> ok f1 new
    P0 w a1 3 -> ok f1 new
    * ksm
    P0 pin a0 1 0
    * snap a0 2 -> P0=Ax1,Bx1
    * gw 0 0 9
    P0 r a0 -> =9 f0
    P0 r a1 -> =3 f0
    P0 vms a1 0
    P0 w a1 5 -> ok f1 copy
    * pr 0 -> =3
    P0 dr a1 1 fuse -> inflight
    * drend 7
    P0 r a1 -> =7 f0
  `);
});

test("a page to which somebody refers stays out of a merge while its entry is writable, though it is clean", () => {
  for (const era of eras) {
    const m = new Lab(era);
    m.mmap(1, A, 2);
    m.madvise(1, A, 2, MADV_MERGEABLE);
    for (const page of [0, 1]) m.store(1, A + page * 4096, "same");
    m.madvise(1, A, 2, MADV_FREE);
    m.get_user_pages(1, A, 1, 0, "pipe");
    for (let scan = 0; scan < 3; scan++) m.ksmScan();
    assert.is(m.mm(1).ptes.get(A / 4096)!.pfn, 1, era.name);
    assert.is([...m.state.frames.values()].filter(({ kind }) => kind === "ksm").length, 0);
  }
});

test("the era merges, and the daemon looks at what came of it", () => {
  const merged = (era: Partial<Era>) => {
    const m = new Lab({ ...largeFolio, ...era });
    m.mmap(1, A, 3);
    m.madvise(1, A, 3, MADV_MERGEABLE);
    for (const page of [0, 1]) m.store(1, A + page * 4096, "same");
    for (let scan = 0; scan < 2; scan++) m.ksmScan();
    m.store(1, A + 2 * 4096, "same");
    for (let scan = 0; scan < 2; scan++) m.ksmScan();
    return [...m.state.ksm.stable].map((pfn) => m.page(pfn).mapcount);
  };
  assert.equal(merged({}), [3]);
  assert.equal(merged({ ksmMergeTwo: () => {} }), []);
  assert.equal(merged({ ksmMergeWith: () => {} }), [2]);
});

test.run();
