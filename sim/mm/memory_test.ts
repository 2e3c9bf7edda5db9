// Faults: which neighbours come with a page. What answered() runs is answered so by Linux 6.18.44.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { held } from "../scene/held.ts";
import { Lab, largeFolio, MADV_DONTNEED, releaseNamed, runScene } from "../mod.ts";

const test = suite("memory");

/** Holds a scene against what Linux 6.18.44 answered. */
const answered = (text: string) => assert.equal(...held(releaseNamed("6.18.44"), text));

test("a read fault maps what is in the page cache of the 16 pages around it", () => {
  answered(`
    P0 mmap a 40 shared
    P0 w a14 1 -> ok f1 new
    P0 w a15 1 -> ok f1 new
    P0 w a16 1 -> ok f1 new
    P0 w a17 1 -> ok f1 new
    P0 w a20 1 -> ok f1 new
    P0 w a31 1 -> ok f1 new
    P0 w a32 1 -> ok f1 new
    P0 fork P1
    P1 r a20 -> =1 f1
    * snap a12 24 -> P0=-,-,Ax1f,Bx1f,C.2f,D.2f,-,-,E.2f,-,-,-,-,-,-,-,-,-,-,F.2f,Gx1f,-,-,- P1=-,-,-,-,C.2f,D.2f,-,-,E.2f,-,-,-,-,-,-,-,-,-,-,F.2f,-,-,-,-
    P1 r a15 -> =1 f1
    P1 r a33 -> =0 f1
    * snap a12 24 -> P0=-,-,A.2f,B.2f,C.2f,D.2f,-,-,E.2f,-,-,-,-,-,-,-,-,-,-,F.2f,G.2f,-,-,- P1=-,-,A.2f,B.2f,C.2f,D.2f,-,-,E.2f,-,-,-,-,-,-,-,-,-,-,F.2f,G.2f,Hx1f,-,-
  `);
});

test("and no page outside of the mapping", () => {
  answered(`
    P0 mmap a 40 shared
    P0 w a16 1 -> ok f1 new
    P0 w a17 1 -> ok f1 new
    P0 w a20 1 -> ok f1 new
    P0 w a29 1 -> ok f1 new
    P0 w a30 1 -> ok f1 new
    P0 fork P1
    P1 munmap a0 17
    P1 munmap a30 10
    P1 r a20 -> =1 f1
    * snap a15 17 -> P0=-,Ax1f,B.2f,-,-,C.2f,-,-,-,-,-,-,-,-,D.2f,Ex1f,- P1=-,-,B.2f,-,-,C.2f,-,-,-,-,-,-,-,-,D.2f,-,-
  `);
});

test("a write fault maps its page alone", () => {
  answered(`
    P0 mmap a 4 shared
    P0 w a0 1 -> ok f1 new
    P0 w a1 1 -> ok f1 new
    P0 fork P1
    P1 w a1 2 -> ok f1 new
    * snap a0 4 -> P0=Ax1f,B.2f,-,- P1=-,B.2f,-,-
    P1 r a0 -> =1 f1
  `);
});

test("a write fault of a file maps its page alone", () => {
  answered(`
    P0 mmap a 8 sfile
    P0 w a2 5 -> ok f1 new
    * snap a0 8 -> P0=-,-,Ax1f,-,-,-,-,-
    P0 r a7 -> =57 f1
    * snap a0 8 -> P0=Ax1f,Bx1f,Cx1f,Dx1f,Ex1f,Fx1f,Gx1f,Hx1f
  `);
});

test("a read fault leaves the pages alone that the process has for itself", () => {
  answered(`
    P0 mmap a 8 pfile
    P0 w a1 9 -> ok f1 new
    P0 w a3 8 -> ok f1 new
    P0 r a0 -> =50 f1
    P0 r a1 -> =9 f0
    * snap a0 8 -> P0=Ax1f,Bx1,Cx1f,Dx1,Ex1f,Fx1f,Gx1f,Hx1f
    P0 fork P1
    P1 r a4 -> =54 f0
    * snap a0 8 -> P0=A.2f,B.2,C.2f,D.2,E.2f,F.2f,G.2f,H.2f P1=A.2f,B.2,C.2f,D.2,E.2f,F.2f,G.2f,H.2f
  `);
});

test("a forced write leaves the entry read-only, until the mapping may be written", () => {
  answered(`
    P0 mmap a 3 priv
    P0 r a1 -> =0 f1
    P0 mprot a0 3 r
    P0 mw a0 1 -> ok new
    P0 mw a1 2 -> ok copy
    P0 w a0 3 -> segv
    P0 mprot a0 3 rw
    P0 w a0 3 -> ok f0 same
    P0 w a1 3 -> ok f0 same
    * snap a0 3 -> P0=Ax1,Bx1,-
  `);
});

test("a forced read needs no permission", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 mprot a0 2 none
    P0 mr a0 -> =1
    P0 mr a1 -> =0
    P0 mw a1 2 -> ok copy
    P0 vms a0 0 -> EFAULT
    P0 fork P1
    P1 mr a0 -> =1
    * snap a0 2 -> P0=A.2,B.2 P1=A.2,B.2
  `);
});

test("a pipe keeps the zero page", () => {
  answered(`
    P0 mmap a 2 priv
    P0 vms a0 0
    P0 w a0 5 -> ok f1 copy
    * pr 0 -> =0
    P0 r a0 -> =5 f0
  `);
});

test("munmap() takes out of three mappings what it covers, and fork copies what is left", () => {
  answered(`
    P0 mmap a 6 priv
    P0 w a0 1 -> ok f1 new
    P0 w a2 1 -> ok f1 new
    P0 w a5 1 -> ok f1 new
    P0 munmap a1 4
    P0 fork P1
    P1 r a0 -> =1 f0
    P1 r a1 -> segv
    P1 r a4 -> segv
    P1 r a5 -> =1 f0
    * snap a0 6 -> P0=A.2,-,-,-,-,B.2 P1=A.2,-,-,-,-,B.2
  `);
});

test("a mapping cut in three is joined again, and what was never touched takes part", () => {
  answered(`
    P0 mmap a 8 priv
    P0 mprot a2 2 r
    P0 mprot a4 2 none
    P0 w a0 1 -> ok f1 new
    P0 r a2 -> =0 f1
    P0 r a4 -> segv
    P0 mprot a0 8 rw
    P0 w a7 1 -> ok f1 new
    P0 fork P1
    * snap a0 8 -> P0=A.2,-,Z,-,-,-,-,B.2 P1=A.2,-,Z,-,-,-,-,B.2
  `);
});

test("a range ends before the page behind it", () => {
  answered(`
    P0 mmap a 6 priv
    P0 w a1 1 -> ok f1 new
    P0 w a2 1 -> ok f1 new
    P0 w a3 1 -> ok f1 new
    P0 madv a1 2 dontneed
    * snap a0 5 -> P0=-,-,-,Ax1,-
    P0 mprot a3 1 r
    P0 mprot a3 1 rw
    P0 w a3 2 -> ok f0 same
    P0 madv a3 1 pageout
    * snap a0 5 -> P0=-,-,-,S,-
  `);
});

test("a kernel that refuses force lets /proc/PID/mem do what the mapping allows, and no more", () => {
  const lines = [
    ...[
      "P0 mmap a 2 priv",
      "P0 w a0 1",
      "P0 fork P1",
      "P0 mprot a0 1 r",
      "P0 mr a0",
      "* snap a0 1",
    ],
    ...[
      "P0 mw a0 2",
      "P0 mw a1 3",
      "P0 mprot a0 1 none",
      "P0 mr a0",
      "P0 mprot a0 2 rw",
      "P0 mw a0 4",
    ],
  ];
  assert.equal(runScene(lines, releaseNamed("7.2.13")).slice(4), [
    ...["=1", "P0=A.2 P1=A.2", "EIO", "ok new", "ok", "EIO", "ok", "ok copy"],
  ]);
});

test("unmapping where nothing is mapped in the table leaves no event of it", () => {
  const m = new Lab(largeFolio);
  m.mmap(1, 0x7000, 2);
  m.madvise(1, 0x7000, 2, MADV_DONTNEED);
  m.munmap(1, 0x7000, 2);
  assert.equal(m.trace.filter(({ type }) => type === "zap"), []);
});

test.run();
