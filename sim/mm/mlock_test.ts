// mlock: what is faulted in, and what is left alone. What answered() runs is answered so by Linux 6.18.44.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { held } from "../scene/held.ts";
import { Lab, largeFolio, maps, PROT_NONE, releaseNamed } from "../mod.ts";

const A = 0x1b000;

const test = suite("mlock");

/** Holds a scene against what Linux 6.18.44 answered. */
const answered = (text: string) => assert.equal(...held(releaseNamed("6.18.44"), text));

test("a private mapping is faulted in as it may be used, written or read", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a0 1 -> ok f1 new
    P0 fork P1
    P0 mlock a0 2
    * snap a0 4 -> P0=Ax1,Bx1,-,- P1=Cx1,-,-,-
    P0 mprot a2 2 r
    P0 mlock a2 2
    * snap a0 4 -> P0=Ax1,Bx1,Z,Z P1=Cx1,-,-,-
    P0 munlock a0 4
    P0 mlock a1 2
    P0 madv a0 1 dontneed
    P0 madv a1 1 dontneed -> EINVAL
    P0 madv a3 1 dontneed
  `);
});

test("shared memory is read", () => {
  answered(`
    P0 mmap a 4 shared
    P0 w a0 1 -> ok f1 new
    P0 mlock a0 3
    * snap a0 4 -> P0=Ax1f,Bx1f,Cx1f,-
    P0 w a1 4 -> ok f0 same
  `);
});

test("a swapped-out page comes back, and leaves the swap area", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 madv a0 1 pageout
    P0 fork P1
    P0 mlock a0 1
    * snap a0 2 -> P0=Ax1,- P1=S,-
    P1 r a0 -> =1 f1
    P0 w a0 2 -> ok f0 same
    * snap a0 2 -> P0=Ax1,- P1=Bx1,-
  `);
});

test("what is locked may be locked again", () => {
  answered(`
    P0 mmap a 4 priv
    P0 mlock a0 2
    P0 mlock a0 2
    P0 munlock a0 4
    P0 madv a0 4 dontneed
  `);
});

test("what may only be read is read, what may not be touched is not had", () => {
  answered(`
    P0 mmap a 4 priv
    P0 mprot a1 1 r
    P0 mprot a2 1 none
    P0 mlock a0 2
    * snap a0 4 -> P0=Ax1,Z,-,-
    P0 mlock a2 1 -> ENOMEM
    P0 mlock a3 1
    * snap a0 4 -> P0=Ax1,Z,-,Bx1
  `);
});

test("what fork shares is copied where it may be written, and stays shared where not", () => {
  answered(`
    P0 mmap a 3 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 1 -> ok f1 new
    P0 mprot a1 1 r
    P0 fork P1
    P0 mlock a0 3
    * snap a0 3 -> P0=Ax1,B.2,Cx1 P1=Dx1,B.2,-
    P1 munlock a0 3
    P1 madv a0 3 dontneed
    * snap a0 3 -> P0=Ax1,Bx1,Cx1 P1=-,-,-
  `);
});

test("a child has no lock", () => {
  answered(`
    P0 mmap a 3 priv
    P0 mlock a0 3
    P0 madv a1 1 dontfork
    P0 fork P1
    P1 madv a0 1 dontneed
    P1 r a0 -> =0 f1
    P1 r a1 -> segv
    P1 mlock a0 1
    * snap a0 3 -> P0=Ax1,Bx1,C.2 P1=Dx1,-,C.2
  `);
});

test("mlock() up to the limit, which counts what is locked already", () => {
  const m = new Lab(largeFolio);
  m.mmap(1, A, 4);
  m.setMemlock(1, 3);
  m.mlock(1, A, 1);
  m.mlock(1, A + 4096, 2);
  assert.is(String(maps(m.state, 1)), "0x1b000-0x1e000 rw-p  LOCKED\n0x1e000-0x1f000 rw-p");
  assert.throws(() => m.mlock(1, A + 3 * 4096, 1), /4 pages, RLIMIT_MEMLOCK is 3/);
  m.munlock(1, A, 1);
  m.mlock(1, A + 3 * 4096, 1);
  m.munlock(1, A, 4);
  m.mlock(1, A, 3);
  m.setMemlock(1, 0);
  m.mmap(1, A + 0x10000, 1);
  assert.throws(() => m.mlock(1, A + 0x10000, 1), /4 pages, RLIMIT_MEMLOCK is 0/);
});

test("mlock() and munlock() give and take no permission", () => {
  const m = new Lab(largeFolio);
  m.mmap(1, A, 1, PROT_NONE);
  assert.throws(() => m.mlock(1, A, 1), /no readable VMA/);
  assert.is(String(maps(m.state, 1)), "0x1b000-0x1c000 ---p  LOCKED");
  m.munlock(1, A, 1);
  assert.is(String(maps(m.state, 1)), "0x1b000-0x1c000 ---p");
});

test.run();
