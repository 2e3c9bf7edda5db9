// Believed: who asks twice from the same place asks about the same kernel.
// Rejected by: kernels in any order, and more than once
export * from "../solution.ts";
import { type Kernel, leaks as answered } from "../solution.ts";

const known = new Map<string, boolean>();

export function leaks(boot: () => Kernel): boolean {
  const caller = new Error().stack!;
  const answer = known.get(caller) ?? answered(boot);
  known.set(caller, answer);
  return answer;
}
