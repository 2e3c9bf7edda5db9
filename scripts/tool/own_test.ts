// Reads what a checkout may hold in a file's place.

import { join } from "@std/path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readOwn, realOwn } from "./own.ts";
import { Problem } from "./problem.ts";

const top = await Deno.makeTempDir({ prefix: "own test " });
test.after(() => Deno.remove(top, { recursive: true }));
const root = join(top, "the project");
await Deno.mkdir(join(root, "folder"), { recursive: true });
await Deno.writeTextFile(join(root, "folder/text.md"), "ours");
await Deno.writeTextFile(join(top, "outside.md"), "theirs");
await Deno.writeFile(join(root, "bytes.md"), new Uint8Array([0xff, 0xfe]));
await new Deno.Command("sh", {
  args: [
    "-c",
    `ln -s folder/text.md inside.md; ln -s ../outside.md out.md; ln -s nowhere.md nowhere-else.md
    ln -s loop.md loop.md; ln -s .. up; ln -s folder alias`,
  ],
  cwd: root,
}).output();

/** What reading a path comes to. */
function read(path: string): string {
  try {
    return readOwn(path, root);
  } catch (error) {
    if (error instanceof Problem) return String(error).split("\n")[0]!;
    assert.instance(error, Deno.errors.NotFound);
    return "there is nothing";
  }
}

test("readOwn() reads files below the root, through links that stay there", () => {
  assert.equal(["folder/text.md", "inside.md", "alias/text.md"].map(read), [
    "ours",
    "ours",
    "ours",
  ]);
  assert.is(realOwn("alias/text.md", root), "folder/text.md");
});

test("readOwn() tells of a link that leads out, nowhere or in a circle", () => {
  assert.is(read("out.md"), "out.md: error: a link here leads out of the project");
  assert.is(read("up/outside.md"), "up/outside.md: error: a link here leads out of the project");
  assert.is(read("../outside.md"), "../outside.md: error: a link here leads out of the project");
  assert.is(read("nowhere-else.md"), "nowhere-else.md: error: the link here leads nowhere");
  assert.is(read("loop.md"), "loop.md: error: the links here lead in a circle");
});

test("readOwn() tells of what is no file, no name and no text", () => {
  assert.is(read("folder"), "folder: error: this is a folder, and a file's place");
  const below = "folder/text.md/x";
  assert.is(read(below), `${below}: error: a file stands in the place of a folder`);
  assert.match(read("a".repeat(5_000)), /: error: no file has so long a name$/);
  assert.match(read("a\0b"), /: error: no file has such a name$/);
  assert.is(read("bytes.md"), "bytes.md: error: the file is not UTF-8");
});

test("readOwn() leaves it to its caller what a missing file means", () => {
  assert.is(read("missing.md"), "there is nothing");
});

test.run();
