// What the parts of the bench share: medians, and the lines that they end in.

import { bold } from "@std/fmt/colors";

/** The middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** `1,234 ms`. */
export function ms(value: number): string {
  return `${Math.round(value).toLocaleString("en")} ms`;
}

/** `1,234 ns`. */
export function ns(value: number): string {
  return `${Math.round(value).toLocaleString("en")} ns`;
}

/** One line of the bench: a ratio, what it is made of, and whether the aim is met. */
export function line(what: string, ratio: string, made: string, aim: string, met: boolean): string {
  return `${bold(`${what}: ${ratio}`)}, ${made}; ${aim} is the aim: ${met ? "met" : "not met"}`;
}
