// Draws a sample that the same seed draws again.

import fc from "fast-check";

/** All items in an order that the seed decides; the first n are a sample. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = fc.shuffledSubarray([...items], { minLength: items.length });
  return fc.sample(order, { seed, numRuns: 1 })[0]!;
}
