// Which stores may fault once more than the page table says.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { playScene, releaseNamed } from "../mod.ts";

const test = suite("translations");
const release = releaseNamed("6.18.44");

/** The lines of a scene whose count is not decided. */
function open(...lines: string[]): string[] {
  const begin = ["P0 mmap a 2 priv", "P0 w a0 1"], scene = [...begin, ...lines];
  const { undecided } = playScene(scene, release);
  return scene.filter((_, at) => undecided.has(at));
}

/** The page is shared, and then P0's alone again, with an entry that is not writable. */
const ALONE = ["P0 fork P1", "P1 exit"];

test("a store after a load, where somebody else's fault has made the entry writable in between", () => {
  for (
    const upgrade of [
      "P0 mw a0 3",
      "P0 pin a0 1 0",
      "P0 dr a0 1 fuse",
      "P0 madv a0 1 populate_write",
      "P0 mlock a0 1",
    ]
  ) {
    assert.equal(open(...ALONE, "P0 r a0", upgrade, "P0 w a0 2"), ["P0 w a0 2"], upgrade);
    assert.equal(open(...ALONE, upgrade, "P0 w a0 2"), [], `${upgrade}, nothing was loaded`);
    assert.equal(open(...ALONE, "P0 r a1", upgrade, "P0 w a0 2"), [], "another page");
  }
});

test("the first such store settles it, and a load in between does not", () => {
  const lines = [...ALONE, "P0 r a0", "P0 pin a0 1 0", "P0 r a0", "P0 w a0 2", "P0 w a0 3"];
  assert.equal(open(...lines), ["P0 w a0 2"]);
});

test("a process's own fault, a copy and a flush leave nothing open", () => {
  assert.equal(open(...ALONE, "P0 r a0", "P0 w a0 2", "P0 pin a0 1 0", "P0 w a0 3"), []);
  assert.equal(open("P0 fork P1", "P0 r a0", "P0 pin a0 1 0", "P0 w a0 2"), [], "copied");
  for (
    const flush of [
      ["P0 fork P2"],
      ["P0 madv a0 1 dontneed"],
      ["P0 mprot a0 1 r", "P0 mprot a0 1 rw"],
      ["P0 madv a0 1 free"],
      ["P0 mremap a0 1 b0", "P0 mremap b0 1 a0"],
      ["P0 madv a0 1 pageout"],
    ]
  ) {
    const lines = [...ALONE, "P0 r a0", "P0 mw a0 3", ...flush, "P0 w a0 2"];
    assert.equal(open(...lines), [], flush.join("; "));
  }
});

test("mprotect flushes what it makes writable; a translation of another process is its own", () => {
  const protect = ["P0 mprot a0 1 r", "P0 r a0", "P0 mprot a0 1 rw", "P0 w a0 2"];
  assert.equal(open(...protect), []);
  assert.equal(
    open("P0 fork P1", "P1 r a0", "P0 w a0 2", "P1 mw a0 3", "P1 w a0 4", "P0 w a0 5"),
    ["P1 w a0 4"],
  );
});

test("a process that is gone, or that was never one, is asked nothing", () => {
  assert.equal(open(...ALONE, "P1 r a0", "P0 fork P1", "P1 r a0", "P1 exec", "P1 w a0 2"), []);
});

test.run();
