// What a scene has at its lines, and what fits there.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ends, World } from "./world.ts";

const test = suite("world");

test("World keeps out what a real kernel does not answer the same each time", () => {
  const begin = ["P0 mmap a 2 priv", "P0 fork P1"];
  for (
    const [lines, kept] of [
      [["P0 dw a0 1 fuse", "P1 dw a0 1 fuse", "* dwend"], [true, false, true]],
      [["P0 dr a0 1 fuse", "P0 exit", "* dwend", "* drend 5"], [true, false, false, true]],
      [["P0 dw a0 3 fuse", "P0 mprot a0 1 none", "P0 dw a0 1 fuse"], [false, true, false]],
      [["P0 mprot a0 1 r", "P0 dr a0 1 fuse", "P0 dw a0 1 fuse"], [true, false, true]],
      [["P0 madv a0 1 dontfork", "P1 exit", "P0 fork P1", "P1 dw a0 1 fuse"], [
        true,
        true,
        true,
        false,
      ]],
      [["P2 r a0", "P1 fork P0", "P1 fork P4"], [false, false, false]],
      [["P0 mmap b 9 pfile", "P0 mremap a0 3 d0", "P0 mremap a0 2 d0", "P0 dw d1 1 fuse"], [
        false,
        false,
        true,
        true,
      ]],
      [[...Array(8).fill("P0 vms a0 0"), "P0 vms a0 0", "* pr 0", "P0 vms a0 0"], [
        ...Array(8).fill(true),
        false,
        true,
        true,
      ]],
      [["* dwend", "P0 jump", "* snap a0 9"], [false, false, false]],
    ] as [string[], boolean[]][]
  ) {
    const world = new World();
    for (const line of begin) world.step(line);
    assert.equal(lines.map((line) => world.step(line)), kept, lines.join("; "));
  }
  const world = new World();
  for (const line of [...begin, "P0 dw a0 1 fuse"]) world.step(line);
  assert.equal(ends(world), ["* dwend"]);
});

test("instead() says what has to come before, or in place of what has its end", () => {
  const world = new World(), first = { who: "P0", op: "r" };
  assert.is(world.instead(first, true), "mmap");
  assert.is(world.instead(first, false), undefined);
  for (const line of ["P0 mmap a 2 priv", "P0 dw a0 1 fuse"]) world.take(line);
  assert.is(world.instead(first, true), undefined);
  assert.is(world.instead({ who: "*", op: "gr" }, true), "pin");
  assert.is(world.instead({ who: "*", op: "dwend" }, true), undefined);
  assert.is(world.instead({ who: "P0", op: "dw" }, false), "* dwend");
  assert.is(world.instead({ who: "P0", op: "exit" }, true), "w");
  for (const child of ["P1", "P2", "P3"]) world.take(`P0 fork ${child}`);
  assert.is(world.instead({ who: "P0", op: "spawn" }, true), "exit");
  assert.equal(world.slots("pin"), []);
  world.take("P1 pin a0 2 1");
  assert.equal([world.slots("pin"), world.slots("gr")], [["1"], ["1"]]);
});

test.run();
