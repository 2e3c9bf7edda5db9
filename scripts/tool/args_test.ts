// What a person types, as every task reads it.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { oneOf, readArguments, wholeNumber } from "./args.ts";

const toy = {
  task: "toy",
  help: "deno task toy",
  switches: ["check"],
  values: ["kernel", "step"],
  lists: ["only"],
  bare: ["step"],
  words: 1,
} as const;

const read = (...args: string[]) => {
  try {
    return readArguments(args, toy);
  } catch (error) {
    return String(error);
  }
};

test("readArguments() takes switches, values of which the last counts, lists and words apart", () => {
  const { words, check, kernel, step, only } = readArguments(
    ["a", "--check", "--kernel", "5.4", "--kernel=6.1", "--only", "x", "--only=y", "--step"],
    toy,
  )!;
  assert.equal([words, check, kernel, step, only], [["a"], true, "6.1", "", ["x", "y"]]);
  const { words: none, check: off, kernel: no, only: empty } = readArguments([], toy)!;
  assert.equal([none, off, no, empty], [[], false, undefined, []]);
  assert.equal(readArguments(["007"], toy)!.words, ["007"]);
});

test("readArguments() refuses in one way what a task does not understand", () => {
  const help = "\n  deno task toy --help";
  assert.is(read("--chekc"), "error: there is no option --chekc\n  Did you mean --check?");
  assert.is(read("--kernl=x"), "error: there is no option --kernl\n  Did you mean --kernel?");
  assert.is(read("-q"), `error: there is no option -q${help}`);
  assert.is(read("--kernel"), `error: --kernel wants a value${help}`);
  assert.is(read("--only", "--check"), `error: --only wants a value${help}`);
  assert.is(read("a", "b"), `error: "b" is one word too many${help}`);
});

test("oneOf() and wholeNumber() say what there is", () => {
  assert.is(oneOf("level", "frames", ["faults", "frames"]), "frames");
  assert.throws(() => oneOf("level", "frame", ["faults", "frames"]), /no level "frame"/);
  assert.is(wholeNumber("count", undefined), undefined);
  assert.is(wholeNumber("count", "12", { least: 1 }), 12);
  for (const typed of ["0", "-1", "1.5", "many", "4294967296"]) {
    assert.throws(
      () => wholeNumber("count", typed, { least: 1 }),
      `--count wants a whole number, and not "${typed}"`,
    );
  }
  assert.throws(() => wholeNumber("port", "70000", { least: 1, most: 65535 }), /not "70000"/);
});

test.run();
