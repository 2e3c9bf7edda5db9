import { test } from "uvu";
import * as assert from "uvu/assert";
import { shuffled } from "./sample.ts";

const items = Array.from({ length: 100 }, (_, i) => i);

test("shuffled() draws the same for the same seed, and another for another", () => {
  assert.equal(shuffled(items, 7), shuffled(items, 7));
  assert.not.equal(shuffled(items, 7).slice(0, 10), shuffled(items, 8).slice(0, 10));
});

test("shuffled() has everything once, and leaves its argument alone", () => {
  const order = shuffled(items, 1);
  assert.equal(order.toSorted((a, b) => a - b), items);
  assert.not.equal(order, items);
  assert.equal(items.slice(0, 3), [0, 1, 2]);
  assert.equal(shuffled([], 1), []);
});

test("shuffled() favours no place", () => {
  const first = new Map<number, number>();
  for (let seed = 0; seed < 4000; seed++) {
    const [one] = shuffled([0, 1, 2, 3], seed);
    first.set(one!, (first.get(one!) ?? 0) + 1);
  }
  for (const [item, times] of first) assert.ok(times > 850 && times < 1150, `${item}: ${times}`);
});

test.run();
