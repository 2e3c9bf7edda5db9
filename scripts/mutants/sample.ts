// Draws a sample that the same seed draws again.

/** All items in an order that the seed decides; the first n are a sample. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = generator(seed);
  const order = [...items];
  for (let left = order.length; left > 1; left--) {
    const at = Math.floor(random() * left);
    [order[left - 1], order[at]] = [order[at]!, order[left - 1]!];
  }
  return order;
}

/** Numbers from 0 to below 1: mulberry32, which is Tommy Ettinger's and in the public domain. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}
