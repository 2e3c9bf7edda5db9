// mremap: where pages go, and which mappings are joined. What answered() runs is answered so by Linux 6.18.44.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { held } from "../scene/held.ts";
import { releaseNamed } from "../mod.ts";

const test = suite("mremap");

/** Holds a scene against what Linux 6.18.44 answered. */
const answered = (text: string) => assert.equal(...held(releaseNamed("6.18.44"), text));

test("ranges that overlap are refused, ranges that touch are not", () => {
  answered(`
    P0 mmap a 6 priv
    P0 w a0 1 -> ok f1 new
    P0 mremap a0 2 a1 -> EINVAL
    P0 mremap a0 2 a2
    P0 r a2 -> =1 f0
    P0 mremap a2 2 a0
    P0 r a0 -> =1 f0
    P0 mremap a0 2 a4
    P0 r a4 -> =1 f0
    * snap a0 6 -> P0=-,-,-,-,Ax1,-
  `);
});

test("what never had a page joins where it is moved", () => {
  answered(`
    P0 mmap a 4 priv
    P0 mmap b 4 priv
    P0 mremap b0 2 a4
    P0 w a3 1 -> ok f1 new
    P0 w a4 1 -> ok f1 new
    P0 fork P1
    * snap a0 6 -> P0=-,-,-,A.2,B.2,- P1=-,-,-,A.2,B.2,-
    P0 mprot a0 6 r
    P0 mprot a0 6 rw
    P0 w a4 3 -> ok f1 copy
  `);
});

test("what had a page remembers where it came from", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a0 1 -> ok f1 new
    P0 mremap a0 2 b0
    P0 mremap b0 2 a0
    P0 madv a0 4 dontfork
    P0 madv a0 4 dofork
    P0 fork P1
    * snap a0 4 -> P0=A.2,-,-,- P1=A.2,-,-,-
  `);
});

test("a swapped-out page moves, and goes with its mapping", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    P0 w a2 3 -> ok f1 new
    P0 madv a1 2 pageout
    P0 mremap a0 2 b0
    * snap a0 4 -> P0=-,-,S,-
    * snap b0 2 -> P0=Ax1,S
    P0 r b1 -> =2 f1
    P0 munmap a2 1
    P0 mmap a 4 priv
    P0 r a2 -> =0 f1
  `);
});

test("what never had a page is one with its new neighbour, though that has pages", () => {
  answered(`
    P0 mmap a 4 priv
    P0 mmap b 4 priv
    P0 mremap b0 2 a4
    P0 r a5 -> =0 f1
    P0 w a0 1 -> ok f1 new
    P0 fork P1
    * snap a0 6 -> P0=A.2,-,-,-,-,Z P1=A.2,-,-,-,-,Z
  `);
});

test("what had a page is not one with its new neighbour", () => {
  answered(`
    P0 mmap b 4 priv
    P0 munmap b0 2
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 mremap a0 2 b0
    P0 r b3 -> =0 f1
    P0 fork P1
    * snap b0 4 -> P0=A.2,-,-,Z P1=A.2,-,-,-
  `);
});

test("what had a page is one with its old neighbour again", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a1 1 -> ok f1 new
    P0 r a3 -> =0 f1
    P0 mremap a0 2 b0
    P0 mremap b0 2 a0
    P0 mprot a0 4 r
    P0 mprot a0 4 rw
    P0 fork P1
    * snap a0 4 -> P0=-,A.2,-,Z P1=-,A.2,-,Z
  `);
});

test("mappings that only touch the range stay where they are", () => {
  answered(`
    P0 mmap a 6 priv
    P0 w a1 1 -> ok f1 new
    P0 w a2 2 -> ok f1 new
    P0 mprot a1 1 r
    P0 mprot a3 1 r
    P0 mremap a1 2 b0
    * snap a0 6 -> P0=-,-,-,-,-,-
    * snap b0 3 -> P0=Ax1,Bx1,-
    P0 mremap b0 2 a1
    P0 w a2 3 -> ok f0 same
    P0 w a1 3 -> segv
    * snap a0 6 -> P0=-,Ax1,Bx1,-,-,-
  `);
});

test.run();
