// Believed: what is swapped out is in nobody's page table, so that a fork does not share it.
// Rejected by: a page that was out when its process forked twice is nobody's own
export * from "../solution.ts";
import type { SwapPte } from "sim";

export function forkKeepsSwapExclusive(entry: SwapPte): boolean {
  return entry.exclusive;
}
