// Sentences in pieces.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sentence } from "./mod.ts";

const test = suite("words");

test("sentence() writes a number in hex behind 0x, and else in decimal; bytes as contents", () => {
  assert.is(
    sentence({ words: ["store(pid ", 12, ", 0x", 0x7ab0, ", ", [1, 0xab], ") of ", 30] }),
    "store(pid 12, 0x7ab0, 0x01ab) of 30",
  );
});

test.run();
