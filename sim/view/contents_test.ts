// Contents in few characters.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bytesText } from "./contents.ts";

const test = suite("contents");

const CONTENTS: [what: string, bytes: number[], text: string][] = [
  ["nothing", [], "zeros"],
  ["zeros", [0, 0, 0], "zeros"],
  ["text with its NUL", [65, 66, 0], '"AB"'],
  ["the first printable character", [0x20], '" "'],
  ["the byte before it", [0x1f], "0x1f"],
  ["the last printable character", [0x7e], '"~"'],
  ["the byte behind it", [0x7f], "0x7f"],
  ["bytes that are no text, one digit padded", [1, 2, 255], "0x0102ff"],
  ["text with one byte that is none", [65, 10], "0x410a"],
  ["what does not start the page", [0, 65], '+1 "A"'],
  ["a zero byte in a run", [65, 0, 66], '"A\\0B"'],
  ["a zero byte among bytes that are no text", [1, 0, 2], "0x010002"],
  ["two zero bytes, which end a run", [65, 0, 0, 66], '"A" +3 "B"'],
  ["a run of each kind", [0, 65, 0, 0, 0, 66, 10], '+1 "A" +5 0x420a'],
  ["24 characters", Array(24).fill(65), `"${"A".repeat(24)}"`],
  ["25 characters", Array(25).fill(65), `"${"A".repeat(24)}…"`],
  ["8 other bytes", [1, 2, 3, 4, 5, 6, 7, 8], "0x0102030405060708"],
  ["9 other bytes", [1, 2, 3, 4, 5, 6, 7, 8, 9], "0x0102030405060708…"],
];
for (const [what, bytes, text] of CONTENTS) {
  test(`bytesText() of ${what}: ${text}`, () => assert.is(bytesText(bytes), text));
}

test.run();
