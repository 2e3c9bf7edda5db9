// YAML is read whole or refused at its line: nothing of it is dropped, changed or run with.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { linesOfItems, readYaml } from "./yaml.ts";

const read = (text: string, above = 0) => {
  try {
    return readYaml(text, { what: "the list", path: "a.yaml", above });
  } catch (error) {
    return String(error).split("\n")[0];
  }
};

test("a date stays as it is written, and so does a day that there is not", () => {
  assert.equal(read("a: 2005-02-30\nb: 2005-07-26\n"), { a: "2005-02-30", b: "2005-07-26" });
});

test("what follows a stray line of dashes is not dropped", () => {
  const more = "Found more than 1 document in the stream: expected a single document";
  assert.is(read("a: 1\n---\nb: 2\n"), `a.yaml:2:1: error: the list is not YAML: ${more}`);
  assert.is(read("a: 1\n...\nb: 2\n"), `a.yaml:3:1: error: the list is not YAML: ${more}`);
});

test("a name that stands there twice is refused where it does the second time", () => {
  const twice = "error: the list is not YAML: Cannot store mapping pair: duplicated key";
  assert.is(read("a: 1\nb: 2\na: 3\n"), `a.yaml:3:1: ${twice}`);
  assert.is(read("a:\n  k: 1\nb: 2\na:\n  k: 3\n", 1), `a.yaml:5: ${twice}`);
});

test("what is no list of fields is refused", () => {
  for (const text of ["- a\n", "a\n", "5", "true", '"a: b"']) {
    assert.is(read(text), "a.yaml:1: error: the list has no fields");
  }
  assert.equal(read(""), {});
  assert.equal(read("# nothing\n"), {});
});

test("lists in lists in lists are refused before they take the stack", () => {
  const deep = (line: number) => `a.yaml:${line}: error: the list is nested too deep`;
  assert.is(read(`a: 1\nb: ${"[".repeat(20_000)}${"]".repeat(20_000)}\n`), deep(2));
  assert.is(read(`a: 1\nb:\n${"- ".repeat(20_000)}\n`), deep(3));
  assert.is(read(`a: ${"{a: ".repeat(2_000)}1`), deep(1));
  const steps = Array.from({ length: 500 }, (_, i) => `${" ".repeat(i)}a:\n`).join("");
  assert.is(read(steps), deep(202));
});

test("an escape for a terminal is refused, as it stands there or spelled", () => {
  assert.is(read("a: 1\nb: x\x1b[2Jy\n"), "a.yaml:2: error: the list holds the character \\u001b");
  assert.is(read("a: 1\nb: \u200ey\n"), "a.yaml:2: error: the list holds the character \\u200e");
  assert.is(read('a: 1\nb: "\\e[2J"\n'), "a.yaml:2: error: the list spells the character \\u001b");
  assert.is(
    read('a: 1\nb:\n  - c: ["\\x9b"]\n'),
    "a.yaml:2: error: the list spells the character \\u009b",
  );
  assert.is(read('"\\e": 1\n'), "a.yaml:1: error: the list spells the character \\u001b");
});

test("an alias that leads back to where it stands ends", () => {
  assert.is(Object.keys(read("a: &x [*x]\n") as object).join(), "a");
});

test("ends of lines and a mark in front make no difference", () => {
  assert.equal(read("\ufeffa: 1\r\nb: 2\r\n"), { a: 1, b: 2 });
});

test("linesOfItems() finds each item of a list, however it is indented", () => {
  const text = "a:\n  - 1\n  # no\n  - 2:\n      - x\nb:\n- 3\n- 4\nc: [5]\n";
  assert.equal(linesOfItems(text, "a", 2), [2, 4]);
  assert.equal(linesOfItems(text, "b", 2), [7, 8]);
  assert.equal(linesOfItems(text, "c", 1), [9]);
});

test.run();
