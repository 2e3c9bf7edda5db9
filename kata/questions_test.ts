// What is asked by itself: every question twice, in the seed's order, and the plainest wrong answer told.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { dice } from "./expect.ts";
import {
  answers,
  anyLook,
  anySpace,
  CONTENTS,
  COUNTS,
  type Question,
  shuffled,
} from "./questions.ts";

const asks = (n: number, ask: () => unknown, wanted: unknown): Question => ({
  asked: () => [`what is ${n}?`],
  ask,
  wanted,
});

test("shuffled() keeps the things and changes their order with the seed", () => {
  const things = Array.from({ length: 50 }, (_, i) => i);
  const orders = [1, 2, 3, 4, 5].map((seed) => shuffled(things, seed));
  for (const order of orders) assert.equal([...order].sort((a, b) => a - b), things);
  assert.is(new Set(orders.map(String)).size, 5);
  assert.equal(shuffled(things, 3), orders[2]);
});

test("answers() asks each question twice, and never in the order given", () => {
  const asked: number[] = [];
  const questions = Array.from({ length: 9 }, (_, n) => asks(n, () => asked.push(n) > 0, true));
  answers(1, questions, "");
  assert.equal([...asked].sort(), questions.flatMap((_, n) => [n, n]));
  assert.not.equal(asked, questions.flatMap((_, n) => [n, n]));
});

test("answers() tells the first wrong answer of those given, in every order", () => {
  const questions = Array.from({ length: 9 }, (_, n) => asks(n, () => n < 4, true));
  for (const seed of [1, 2, 3, 4, 5]) {
    try {
      answers(seed, questions, "look at 4");
      assert.unreachable();
    } catch (error) {
      const { message, details } = error as { message: string; details: string };
      assert.is(message, "look at 4");
      assert.is(
        details,
        "What was asked:\n  what is 4?\nThe answer (- now, + as promised):\n  - false\n  + true",
      );
    }
  }
});

test("a second answer that differs from the first is a wrong one", () => {
  let times = 0;
  try {
    answers(1, [asks(1, () => ++times === 1, true)], "again");
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, "again");
  }
});

test("looks and address spaces vary in all that they have", () => {
  const next = dice(1);
  const varies = (made: readonly object[]) => {
    for (const name of Object.keys(made[0]!)) {
      const values = made.map((one) => {
        const value = (one as Record<string, unknown>)[name];
        return value instanceof Map ? value.size : Array.isArray(value) ? value.length : value;
      });
      assert.ok(new Set(values).size > 1, name);
    }
  };
  varies(Array.from({ length: 50 }, () => anyLook(next)));
  varies(Array.from({ length: 50 }, () => anySpace(next, 7)));
  assert.ok(COUNTS.includes(1025) && COUNTS.includes(2 ** 29 + 1));
});

test("looks reach high frames and far slots, spaces have many pages and mappings, large and small", () => {
  const next = dice(1), looks = Array.from({ length: 200 }, () => anyLook(next));
  for (const  of of["pfn", "swap"] as const) {
    assert.ok(looks.some((look) => look[of] > 2 ** 32) && looks.some((look) => look[of] < 9), of);
  }
  const spaces = Array.from({ length: 200 }, () => anySpace(next, 7));
  assert.ok(spaces.some(({ ptes }) => ptes.size > 300) && spaces.some(({ ptes }) => !ptes.size));
  assert.ok(spaces.some(({ vmas }) => vmas.length > 100));
  const sizes = spaces.flatMap(({ vmas }) => vmas.map(({ start, end }) => (end - start) / 4096));
  assert.ok(Math.min(...sizes) === 1 && Math.max(...sizes) > 200);
});

test("contents have every first byte, and every length up to a page's", () => {
  const lengths = new Set(CONTENTS.map(({ length }) => length));
  assert.is(new Set(CONTENTS.map(([first]) => first)).size, 257); // one page is empty
  for (let length = 0; length < 256; length++) assert.ok(lengths.has(length), `${length}`);
  assert.ok(lengths.has(4096));
});

test.run();
