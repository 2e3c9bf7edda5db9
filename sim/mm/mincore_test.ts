// mincore: which pages are resident. What answered() runs is answered so by Linux 6.18.44.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { held } from "../scene/held.ts";
import {
  Errno,
  explore,
  Lab,
  largeFolio,
  MAP_SHARED,
  PROT_READ,
  releaseNamed,
  runScene,
} from "../mod.ts";

const A = 0x1b000;

const test = suite("mincore");

/** Holds a scene against what Linux 6.18.44 answered. */
const answered = (text: string) => assert.equal(...held(releaseNamed("6.18.44"), text));

test("private memory is resident once it was read or written, whatever its protection is", () => {
  answered(`
    P0 mmap a 4 priv
    P0 mincore a0 4 -> =0,=0,=0,=0
    P0 r a0 -> =0 f1
    P0 w a1 1 -> ok f1 new
    P0 mincore a0 4 -> =1,=1,=0,=0
    P0 mprot a1 1 none
    P0 mincore a0 4 -> =1,=1,=0,=0
    P0 madv a2 1 populate_read
    P0 mincore a1 3 -> =1,=1,=0
    P0 mprot a1 1 rw
    P0 madv a1 1 dontneed
    P0 mincore a0 2 -> =1,=0
    P0 mincore a0 0
  `);
});

test("a hole is ENOMEM, and an address within a page EINVAL", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a1 1 -> ok f1 new
    P0 munmap a2 1
    P0 mincore a0 2 -> =0,=1
    P0 mincore a0 3 -> ENOMEM
    P0 mincore a2 1 -> ENOMEM
    P0 mincore a3 1 -> =0
    P0 mincore a3 2 -> ENOMEM
    P0 mincore a0+64 1 -> EINVAL
  `);
});

test("a child's pages are its own", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a0 1 -> ok f1 new
    P0 w a2 1 -> ok f1 new
    P0 mprot a1 1 r
    P0 fork P1
    P1 mincore a0 4 -> =1,=0,=1,=0
    P0 madv a0 1 dontneed
    P0 mincore a0 4 -> =0,=0,=1,=0
    P1 mincore a0 4 -> =1,=0,=1,=0
  `);
});

test("shared memory and files are resident by their pages, whoever has touched them", () => {
  answered(`
    P0 mmap a 3 shared
    P0 fork P1
    P1 w a1 2 -> ok f1 new
    P0 mincore a0 3 -> =0,=1,=0
    P0 munmap a0 1
    P0 mincore a1 2 -> =1,=0
    P0 mmap b 9 pfile
    P0 mincore b0 9 -> =1,=1,=1,=1,=1,=1,=1,=1,=0
    P0 w b0 5 -> ok f1 new
    P0 mincore b0 1 -> =1
  `);
});

test("what was swapped out is resident while the swap cache has it", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 madv a0 1 pageout
    * snap a0 2 -> P0=S,-
    P0 mincore a0 2 -> =0,=0
    P0 r a0 -> =1 f1
    P0 mincore a0 2 -> =1,=0
    P0 mmap b 2 priv
    P0 w b0 1 -> ok f1 new
    P0 vms b0 0
    P0 madv b0 1 pageout
    * snap b0 2 -> P0=S,-
    P0 mincore b0 2 -> =1,=0
    P0 mmap c 2 shared
    P0 w c0 1 -> ok f1 new
    P0 madv c0 1 pageout
    P0 mincore c0 2 -> =0,=0
  `);
});

test("a Lab is told page by page, with what was not touched in several mappings; device memory never is", () => {
  const m = new Lab(largeFolio);
  m.mmap(1, A, 3);
  m.mprotect(1, A + 0x1000, 1, PROT_READ);
  m.store(1, A + 0x2000, "x");
  assert.equal(m.mincore(1, A, 3), [false, false, true]);
  assert.is(m.story().at(-1), "mincore(pid 1, 0x1b000, 3 pages)");
  assert.throws(
    () => m.mincore(1, A, 4),
    (error: unknown) =>
      error instanceof Errno && error.message ===
        "mincore: nothing is mapped at 0x1e000: 0x1b000-0x1c000 rw-p, 0x1c000-0x1d000 r--p, 0x1d000-0x1e000 rw-p",
  );
  m.driver("nic");
  m.mmap(1, 0x2a000, 1, PROT_READ, MAP_SHARED, m.open(1, "nic"));
  m.load(1, 0x2a000, 1);
  assert.equal(m.mincore(1, 0x2a000, 1), [false]);
});

test("it waits for fork, which holds the mmap_lock, and for reclaim, which holds the page-table lock", () => {
  const during = (line: string, early: string) => {
    const lines = [
      "P0 mmap a 1 priv",
      "P0 w a0 1",
      "race",
      `A: ${line}`,
      "B: P0 mincore a0 1",
      "end",
    ];
    const { schedules, failing, outcomes } = explore({ lines }, releaseNamed("6.18.44"));
    let waits = "";
    try {
      runScene(lines.with(2, `race ${early}`), releaseNamed("6.18.44"));
    } catch (error) {
      waits = (error as Error).message.split(" waits for ")[1]!;
    }
    return [schedules, failing, outcomes.map(({ answers }) => answers[1]).sort().join(), waits];
  };
  assert.equal(during("P0 fork P1", "ABB"), [
    ...[4, 0, "=1"],
    "mmap_lock of mm 1, held for write by A: P0 fork P1",
  ]);
  assert.equal(during("P0 madv a0 1 pageout", "AABB"), [
    ...[4, 0, "=0,=1"],
    "page-table lock of mm 1, held by A: P0 madv a0 1 pageout",
  ]);
});

test.run();
