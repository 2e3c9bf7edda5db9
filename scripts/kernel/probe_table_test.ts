// The probe's own table, operations[] and words[] of probe/main.c, is the machine's: the same words, by the same, with
// the same operands. What it leaves out it answers `unavailable`.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Kind, operations, WORDS } from "../../sim/mod.ts";

const text = await Deno.readTextFile("scripts/kernel/probe/main.c");

/** The kinds of words by the probe's letters for them. */
const LETTERS: Readonly<Record<Kind, string>> = {
  page: "p",
  region: "m",
  count: "n",
  index: "n",
  process: "s",
  value: "v",
  ring: "k",
  pipe: "k",
  reader: "k",
  memory: "M",
  protection: "P",
  advice: "A",
  file: "D",
  how: "",
  access: "o",
};
/** It maps no huge pages of hugetlbfs. */
const WITHOUT_WORD: readonly string[] = ["hugetlb"];

/** What stands between a line of C and the end of its initializer. */
function initializer(name: string): string {
  const from = text.indexOf(` ${name}[] = {`);
  assert.ok(from > 0, `main.c has no ${name}[]`);
  return text.slice(from, text.indexOf("\n};", from));
}

test("operations[] of the probe has the machine's operations, by their words and operands", () => {
  const theirs = [...initializer("operations").matchAll(/\{'([P*])', "(\w+)", "(\w*)", op_\w+/g)]
    .map(([, who, word, operands]) => `${who} ${word} ${operands}`);
  const ours = operations.flatMap(({ who, scene }) => {
    if (!scene) return [];
    const by = (scene.by ?? who) === "process" ? "P" : "*";
    const letters = scene.words.map((kind, i) =>
      kind === "page" && scene.words.indexOf("page") < i ? "q" : LETTERS[kind]
    );
    return [`${by} ${scene.word} ${letters.join("")}`];
  });
  assert.equal(theirs.sort(), ours.sort());
});

test("words[] of the probe has the machine's words", () => {
  const theirs = [...initializer("words").matchAll(/\{'(\w)', "(\w+)", /g)]
    .map(([, letter, word]) => `${letter} ${word}`);
  const ours = (["memory", "protection", "advice", "file"] as const).flatMap((kind) =>
    Object.keys(WORDS[kind]).filter((word) => !WITHOUT_WORD.includes(word))
      .map((word) => `${LETTERS[kind]} ${word}`)
  );
  assert.equal(theirs.sort(), ours.sort());
});

test("words[] of the probe has Linux's numbers for advice, as far as it writes them", () => {
  const numbers = [...initializer("words").matchAll(/\{'A', "(\w+)", (\d+)\}/g)];
  assert.is(numbers.length, 13);
  for (const [, word, number] of numbers) {
    const { operands } = WORDS.advice[word!]!;
    if (operands) assert.is(operands.advice, Number(number), word);
  }
});

test.run();
