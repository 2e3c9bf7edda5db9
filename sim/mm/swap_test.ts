// Swap: what goes out, what comes back, and whose it is then. What answered() runs is answered so by Linux 6.18.44.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { held } from "../scene/held.ts";
import { releaseNamed, runScene } from "../mod.ts";

const test = suite("swap");

/** Holds a scene against what Linux 6.18.44 answered. */
const answered = (text: string) => assert.equal(...held(releaseNamed("6.18.44"), text));

test("three pages before and four behind are read ahead, which others may have", () => {
  answered(`
    P0 mmap a 20 priv
    P0 w a1 1 -> ok f1 new
    P0 w a2 2 -> ok f1 new
    P0 w a5 5 -> ok f1 new
    P0 w a8 8 -> ok f1 new
    P0 w a9 9 -> ok f1 new
    P0 w a10 10 -> ok f1 new
    P0 madv a0 12 pageout
    P0 fork P1
    P0 r a5 -> =5 f1
    * snap a0 12 -> P0=-,S,S,-,-,Ax1,-,-,S,S,S,- P1=-,S,S,-,-,S,-,-,S,S,S,-
    P1 exit
    P0 r a1 -> =1 f1
    P0 w a1 1 -> ok f0 same
    P0 r a2 -> =2 f1
    P0 w a2 1 -> ok f1 same
    P0 r a9 -> =9 f1
    P0 w a9 1 -> ok f1 same
    P0 r a10 -> =10 f1
    P0 w a10 1 -> ok f0 same
    P0 r a8 -> =8 f1
    P0 w a8 1 -> ok f1 same
  `);
});

test("no page outside of the mapping is read ahead", () => {
  answered(`
    P0 mmap a 10 priv
    P0 w a3 1 -> ok f1 new
    P0 w a4 2 -> ok f1 new
    P0 w a5 3 -> ok f1 new
    P0 w a6 4 -> ok f1 new
    P0 madv a3 4 pageout
    P0 madv a4 2 dontfork
    P0 madv a4 2 dofork
    P0 mprot a6 1 r
    P0 mprot a3 1 r
    P0 fork P1
    P0 r a4 -> =2 f1
    P1 exit
    P0 mprot a0 10 rw
    P0 r a3 -> =1 f1
    P0 w a3 1 -> ok f0 same
    P0 r a5 -> =3 f1
    P0 w a5 1 -> ok f1 same
    P0 r a6 -> =4 f1
    P0 w a6 1 -> ok f0 same
    * snap a0 10 -> P0=-,-,-,Ax1,Bx1,Cx1,Dx1,-,-,-
  `);
});

test("a page that two map stays; a swap entry goes with its range", () => {
  answered(`
    P0 mmap a 3 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    P0 w a2 3 -> ok f1 new
    P0 fork P1
    P0 madv a0 3 pageout
    * snap a0 3 -> P0=A.2,B.2,C.2 P1=A.2,B.2,C.2
    P0 w a0 4 -> ok f1 copy
    P0 madv a0 1 pageout
    P0 madv a0 1 dontneed
    * snap a0 3 -> P0=-,A.2,B.2 P1=Cx1,A.2,B.2
    P0 r a0 -> =0 f1
  `);
});

test("a pinned page stays; one that a pipe holds goes, and is found again", () => {
  answered(`
    P0 mmap a 3 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    P0 w a2 3 -> ok f1 new
    P0 pin a0 1 0
    P0 vms a1 0
    P0 madv a0 3 pageout
    * snap a0 3 -> P0=Ax1,S,S
    P0 w a1 5 -> ok f1 new
    * pr 0 -> =5
    P0 w a2 6 -> ok f1 new
    * gr 0 0 -> =1
  `);
});

test("MADV_FREE of a page that two map is in vain until one of them is left", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    P0 fork P1
    P0 madv a0 2 free
    P0 madv a0 2 pageout
    * snap a0 2 -> P0=A.2,B.2 P1=A.2,B.2
    P1 exit
    P0 madv a0 2 pageout
    * snap a0 2 -> P0=-,-
    P0 r a0 -> =0 f1
  `);
});

test("MADV_FREE takes a page out of the swap cache, unless an entry needs its slot", () => {
  answered(`
    P0 mmap a 3 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    P0 madv a0 2 pageout
    P0 fork P1
    P0 r a0 -> =1 f1
    P0 madv a0 2 free
    P0 madv a0 2 pageout
    * snap a0 2 -> P0=S,- P1=S,S
    P0 r a0 -> =1 f1
    P1 r a1 -> =2 f1
  `);
});

test("MADV_FREE of a page that a device wrote, and two map, is in vain", () => {
  answered(`
    P0 mmap a 1 priv
    P0 w a0 1 -> ok f1 new
    P0 dr a0 1 fuse -> inflight
    * drend 5
    P0 fork P1
    P0 madv a0 1 free
    P1 exit
    P0 madv a0 1 pageout
    * snap a0 1 -> P0=S
    P0 r a0 -> =5 f1
  `);
});

test("MADV_FREE of a page that a device wrote gives it up", () => {
  answered(`
    P0 mmap a 1 priv
    P0 w a0 1 -> ok f1 new
    P0 dr a0 1 fuse -> inflight
    * drend 5
    P0 madv a0 1 free
    P0 madv a0 1 pageout
    * snap a0 1 -> P0=-
    P0 r a0 -> =0 f1
  `);
});

test("what a debugger writes after MADV_FREE is kept", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 1 -> ok f1 new
    P0 madv a0 2 free
    P0 mw a0 9 -> ok same
    P0 mr a1 -> =1
    P0 madv a0 2 pageout
    * snap a0 2 -> P0=Ax1,-
    P0 r a0 -> =9 f0
    P0 r a1 -> =0 f1
  `);
});

test("shared memory that a pipe holds is found again", () => {
  answered(`
    P0 mmap a 2 shared
    P0 w a0 1 -> ok f1 new
    P0 vms a0 0
    P0 madv a0 1 pageout
    * snap a0 1 -> P0=-
    P0 w a0 5 -> ok f1 new
    * pr 0 -> =5
  `);
});

test("a locked page stays until it is unlocked", () => {
  answered(`
    P0 mmap a 3 priv
    P0 w a0 1 -> ok f1 new
    P0 mlock a0 1
    P0 madv a0 1 pageout -> EINVAL
    P0 madv a1 1 pageout
    * snap a0 3 -> P0=Ax1,-,-
    P0 munlock a0 1
    P0 madv a0 1 pageout
    * snap a0 3 -> P0=S,-,-
  `);
});

test("a page that comes back to a locked mapping leaves the swap cache, and is its process's alone", () => {
  const scene = (access: string, fault: string) =>
    answered(`
      P0 mmap a 1 priv
      P0 w a0 1 -> ok f1 new
      P0 madv a0 1 pageout
      P0 fork P1
      P1 r a0 -> =1 f1
      P1 exit
      P0 mprot a0 1 r
      ${access}
      P0 mprot a0 1 rw
      P0 w a0 1 -> ok ${fault} same
    `);
  scene("P0 mlock a0 1", "f0");
  scene("P0 r a0 -> =1 f1", "f1");
});

test("a page of a file leaves one table, and stays while two map it", () => {
  answered(`
    P0 mmap a 8 sfile
    P0 r a0 -> =50 f1
    P0 w a1 3 -> ok f0 same
    P0 madv a0 2 pageout
    * snap a0 4 -> P0=-,-,Ax1f,Bx1f
    P0 r a1 -> =3 f1
    P0 r a0 -> =50 f1
    * snap a0 4 -> P0=Ax1f,Bx1f,Cx1f,Dx1f
    P0 fork P1
    P1 r a2 -> =52 f1
    P0 madv a2 1 pageout
    * snap a0 4 -> P0=A.2f,B.2f,C.2f,D.2f P1=A.2f,B.2f,C.2f,D.2f
  `);
});

test("munmap() of a swapped-out page leaves it to the child", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    P0 w a2 3 -> ok f1 new
    P0 madv a0 3 pageout
    P0 fork P1
    P0 munmap a1 1
    P0 r a0 -> =1 f1
    P0 r a2 -> =3 f1
    P1 r a1 -> =2 f1
    P1 exit
    P0 w a0 5 -> ok f1 same
    P0 w a2 5 -> ok f1 same
    * snap a0 1 -> P0=Ax1
    * snap a2 2 -> P0=Ax1,-
  `);
});

test("a read fault leaves a page alone that is swapped out", () => {
  answered(`
    P0 mmap a 6 pfile
    P0 w a1 1 -> ok f1 new
    P0 w a3 3 -> ok f1 new
    P0 madv a1 1 pageout
    P0 r a0 -> =50 f1
    * snap a0 6 -> P0=Ax1f,S,Bx1f,Cx1,Dx1f,Ex1f
    P0 r a1 -> =1 f1
    P0 r a3 -> =3 f0
  `);
});

test("a page goes out and comes back as often as need be", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 madv a0 1 pageout
    P0 r a0 -> =1 f1
    P0 madv a0 1 pageout
    P0 w a0 2 -> ok f1 new
    P0 madv a0 1 pageout
    P0 fork P1
    P1 w a0 3 -> ok f1 new
    P0 r a0 -> =2 f1
    P0 w a0 4 -> ok f1 same
    * snap a0 1 -> P0=Ax1 P1=Bx1
  `);
});

test("a page that is pinned after it came back stays", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 vms a0 0
    P0 madv a0 1 pageout
    P0 r a0 -> =1 f1
    P0 pin a0 1 0
    P0 madv a0 1 pageout
    * snap a0 1 -> P0=Ax1
    P0 w a0 4 -> ok f0 same
    * gr 0 0 -> =4
    * pr 0 -> =4
  `);
});

test("a page that is pinned while it is in the swap cache goes, where nothing is exclusive, and is found again", () => {
  const lines = [
    ...["P0 mmap a 1 priv", "P0 w a0 1", "P0 vms a0 0", "P0 madv a0 1 pageout", "P0 r a0"],
    ...[
      "P0 pin a0 1 0 r",
      "P0 madv a0 1 pageout",
      "* snap a0 1",
      "P0 r a0",
      "* gw 0 0 9",
      "P0 r a0",
    ],
  ];
  const from = lines.length - 4;
  assert.equal(runScene(lines, releaseNamed("5.10.223")).slice(from), [
    "P0=S",
    "=1 f1",
    "ok",
    "=9 f0",
  ]);
  assert.equal(runScene(lines, releaseNamed("6.1.176")).slice(from), [
    "P0=Ax1",
    "=1 f0",
    "ok",
    "=9 f0",
  ]);
});

test.run();
