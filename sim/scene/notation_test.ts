// The words of a scene's lines.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  FOLL_LONGTERM,
  FOLL_WRITE,
  MADV_COLD,
  MADV_PAGEOUT,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../mod.ts";
import { address, type Kind, pageName, readWords } from "./notation.ts";

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
  for (const page of ["a0", "a7", "b0", "z0", "z65535"]) assert.is(pageName(address(page)), page);
  assert.equal([address("c2+4095"), GIB - 1, GIB - 4096, 27 * GIB, 0x7000].map(pageName), [
    "c2",
    "0x3fffffff",
    "0x3ffff000",
    "0x6c0000000",
    "0x7000",
  ]);
});

test("readWords() makes operands of words, by their kinds", () => {
  const read = (kinds: readonly Kind[], ...words: string[]) => readWords(kinds, words)!.operands;
  assert.equal(read(["page", "count", "page"], "a1", "120", "b0"), {
    addr: GIB + 4096,
    pages: 120,
    to: 2 * GIB,
  });
  assert.equal(read(["region"], "b"), { addr: 2 * GIB });
  const prots = ["r", "rw", "none"].map((word) => read(["protection"], word).prot);
  assert.equal(prots, [PROT_READ, PROT_READ | PROT_WRITE, PROT_NONE]);
  const advice = ["cold", "pageout"].map((word) => read(["advice"], word).advice);
  assert.equal(advice, [MADV_COLD, MADV_PAGEOUT]);
  assert.equal(read(["ring", "index", "value"], "1", "2", "77"), {
    holder: "pin 1",
    offset: 2 * 4096,
    value: 77,
    data: [77],
  });
  assert.equal([read(["pipe"], "0"), read(["reader"], "3")], [
    { holder: "pipe 0" },
    { holder: "vmread 3" },
  ]);
  assert.equal(readWords(["process"], ["P9"]), { operands: {}, slot: "P9" });
  assert.equal(read(["file"], "loop"), { disk: "loop" });
});

test("readWords() of how to pin: for writing and for long unless the words say something else", () => {
  const read = (...words: string[]) => readWords(["how"], words)!.operands;
  assert.equal(read(), { gup_flags: FOLL_WRITE | FOLL_LONGTERM, fast: false });
  assert.equal(read("r"), { gup_flags: FOLL_LONGTERM, fast: false });
  assert.equal(read("short", "fast"), { gup_flags: FOLL_WRITE, fast: true });
  assert.equal(read("fast", "r", "short"), { gup_flags: 0, fast: true });
});

test("readWords() is undefined where the machine lacks what a word asks for", () => {
  for (const word of ["hugepage", "nohugepage", "collapse"]) {
    assert.is(readWords(["advice"], [word]), undefined);
  }
  assert.is(readWords(["region", "memory"], ["a", "hugetlb"]), undefined);
});

const NONE: [call: () => unknown, said: string][] = [
  [() => address("a"), '"a" is no page, such as a0'],
  [() => address("A0"), '"A0" is no page, such as a0'],
  [() => address("a0+4096"), '"a0+4096" is no page, such as a0'],
  [() => address("a-1"), '"a-1" is no page, such as a0'],
  [() => readWords(["count"], []), '"" is no number of pages: 0 to 65536'],
  [() => readWords(["value"], ["-1"]), '"-1" is no byte: 0 to 255'],
  [() => readWords(["ring"], ["1x"]), '"1x" is no buffer: 0 to 3'],
  [() => readWords(["process"], ["P10"]), '"P10" is no process, such as P1'],
  [() => readWords(["protection"], ["w"]), '"w" is no protection: r, rw or none'],
  [() => readWords(["file"], ["toString"]), '"toString" is no file: fuse or loop'],
  [() => readWords(["how"], ["fast", "slow"]), '"slow" is no way to pin: r, short or fast'],
];
for (const [call, said] of NONE) {
  test(`a word that is none is refused: ${said}`, () => {
    assert.throws(call, (error: unknown) => error instanceof SyntaxError && error.message === said);
  });
}

test.run();
