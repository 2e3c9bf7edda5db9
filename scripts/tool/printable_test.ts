// What cannot be seen is spelled out, and what can be seen stays.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { firstHidden, printable } from "./printable.ts";

test("printable() spells out what moves a cursor or turns a line around", () => {
  assert.is(printable("a\x1b[2Jb\x9b1m\x07\r"), "a\\u001b[2Jb\\u009b1m\\u0007\\u000d");
  assert.is(printable("\u200e\u200f\u061c"), "\\u200e\\u200f\\u061c");
  assert.is(printable("\u202e\u2066\u2069\u2028\u2029"), "\\u202e\\u2066\\u2069\\u2028\\u2029");
});

test("printable() spells out what hides among letters", () => {
  assert.is(printable("o\u200bw\u00adn\u2060e\ufeffr"), "o\\u200bw\\u00adn\\u2060e\\ufeffr");
  assert.is(printable("\u{e0041}\u3164\ufff9"), "\\u{e0041}\\u3164\\ufff9");
  assert.is(printable("a\ud800b"), "a\ufffdb");
});

test("printable() leaves what people write", () => {
  for (const text of ["a\tb\nc", "déjà", "你好", "👩‍💻 ❤️", "می‌خواهم", "שלום", "→ – … ½"]) {
    assert.is(printable(text), text);
  }
});

test("firstHidden() says where it begins", () => {
  assert.equal(firstHidden("ab\x1bc\u200e"), { at: 2, escape: "\\u001b" });
  assert.is(firstHidden("nothing"), undefined);
});

test.run();
