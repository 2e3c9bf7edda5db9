// Random numbers that are the same wherever they are drawn: mulberry32, a small generator by Tommy Ettinger.

/** Draws from one seed. */
export class Dice {
  #state: number;

  /** The same seed and branch give the same draws; branches of one seed have nothing to do with each other. */
  constructor(seed: number, branch = 0) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(branch + 1, 0x85ebca6b)) >>> 0;
    this.#next();
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    return Math.floor(this.#next() / 2 ** 32 * below);
  }

  /** Is it one of `times` in `of`? */
  chance(times: number, of: number): boolean {
    return this.below(of) < times;
  }

  /** One of the list, which is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** One of the names, each as often as its weight says. */
  weighted<T extends string>(weights: Readonly<Partial<Record<T, number>>>): T {
    const entries = Object.entries(weights) as [T, number][];
    let left = this.below(entries.reduce((sum, [, weight]) => sum + weight, 0));
    for (const [name, weight] of entries) {
      if ((left -= weight) < 0) return name;
    }
    throw new RangeError("weights are whole numbers, and one of them is not 0");
  }
}
