// The words of a scene's lines.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { MADV_COLD, MADV_PAGEOUT, PROT_NONE, PROT_READ, PROT_WRITE } from "../mod.ts";
import { address, adviceNamed, number, pageName, protection, slotNamed } from "./notation.ts";

const GIB = 2 ** 30;

const test = suite("notation");

test("address() lays regions a GiB apart, and takes a byte of a page", () => {
  assert.equal(["a0", "a3", "b0", "z1", "a0+64", "a1+4095"].map(address), [
    GIB,
    GIB + 3 * 4096,
    2 * GIB,
    26 * GIB + 4096,
    GIB + 64,
    GIB + 2 * 4096 - 1,
  ]);
});

test("pageName() takes the page of an address back, and writes what has no name in hex", () => {
  for (const page of ["a0", "a7", "b0", "z0", "z262143"]) assert.is(pageName(address(page)), page);
  assert.equal([address("c2+4095"), GIB - 1, GIB - 4096, 27 * GIB, 0x7000].map(pageName), [
    "c2",
    "0x3fffffff",
    "0x3ffff000",
    "0x6c0000000",
    "0x7000",
  ]);
});

test("number() and protection() and adviceNamed() and slotNamed() read a word each", () => {
  assert.equal([number("0"), number("120")], [0, 120]);
  assert.equal(["r", "rw", "none"].map(protection), [PROT_READ, PROT_READ | PROT_WRITE, PROT_NONE]);
  assert.equal(["cold", "pageout", "hugepage", "nohugepage", "collapse"].map(adviceNamed), [
    MADV_COLD,
    MADV_PAGEOUT,
    undefined,
    undefined,
    undefined,
  ]);
  assert.is(slotNamed("P9"), "P9");
});

const NONE: [call: () => unknown, said: string][] = [
  [() => address("a"), '"a" is no page, such as a0'],
  [() => address("A0"), '"A0" is no page, such as a0'],
  [() => address("a0+4096"), '"a0+4096" is no page, such as a0'],
  [() => address("a-1"), '"a-1" is no page, such as a0'],
  [() => number(""), '"" is no number'],
  [() => number("-1"), '"-1" is no number'],
  [() => number("1x"), '"1x" is no number'],
  [() => slotNamed("P10"), '"P10" is no process, such as P1'],
  [() => protection("w"), '"w" is no protection: r, rw or none'],
  [() => adviceNamed("hug"), 'no advice "hug"'],
];
for (const [call, said] of NONE) {
  test(`a word that is none is refused: ${said}`, () => {
    assert.throws(call, (error: unknown) => error instanceof SyntaxError && error.message === said);
  });
}

test.run();
