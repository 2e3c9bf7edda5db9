import { test } from "uvu";
import * as assert from "uvu/assert";
import { columnsOf, fold, painted, type Span, wrap } from "./text.ts";

const text = (lines: Span[][]) => lines.map(painted);

test("wrap() fills lines and leaves a word that does not fit whole", () => {
  assert.equal(text(wrap([{ text: "one two three" }], 7)), ["one two", "three"]);
  assert.equal(text(wrap([{ text: "an address-of-many-columns here" }], 8)), [
    "an",
    "address-of-many-columns",
    "here",
  ]);
  assert.equal(text(wrap([{ text: "a\nb" }], 80)), ["a", "b"]);
});

test("wrap() keeps a colour's word together with its punctuation", () => {
  const paint = (text: string) => `<${text}>`;
  assert.equal(text(wrap([{ text: "see " }, { text: "a b", paint }, { text: ", c" }], 7)), [
    "see <a>",
    "<b>, c",
  ]);
});

test("fold() cuts at columns first, then at blanks, and hangs the rest", () => {
  assert.equal(text(fold([{ text: "fits" }], 4)), ["fits"]);
  assert.equal(text(fold([{ text: "pfn 1  refcount 2  mapcount 1" }], 20)), [
    "pfn 1  refcount 2",
    "    mapcount 1",
  ]);
  assert.equal(text(fold([{ text: "  one two three four" }], 12)), [
    "  one two",
    "      three",
    "      four",
  ]);
  assert.equal(text(fold([{ text: "x".repeat(25) }], 10)), [
    "x".repeat(10),
    "    xxxxxx",
    "    xxxxxx",
    "    xxx",
  ]);
});

test("columnsOf() counts what a terminal shows", () => {
  assert.is(columnsOf("déjà"), 4);
  assert.is(columnsOf("de\u0301ja\u0300"), 4);
  assert.is(columnsOf("你好"), 4);
  assert.is(columnsOf("a\tb"), 9);
});

test.run();
