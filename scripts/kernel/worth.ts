// What random scenes are worth: how many of them two kernels answer differently. A set that two kernels answer alike
// cannot tell that the simulator took one of them for the other.

import type { Level, Release } from "../../sim/mod.ts";
import { alike, machineAnswers } from "./compare.ts";

/** How many scenes tell two kernels apart. */
export interface Worth {
  readonly kernels: readonly [string, string];
  readonly level: Level;
  /** Of the scenes as they were drawn, and of those that were sought for telling them apart. */
  readonly plain: { readonly tell: number; readonly of: number };
  readonly sought: { readonly tell: number; readonly of: number };
  /** The same in a sentence. */
  readonly text: string;
}

/** Measures the scenes: does the simulator answer for both kernels alike, as far as it has the operations? */
export function worthOf(
  scenes: readonly { readonly lines: readonly string[]; readonly kind: "plain" | "sought" }[],
  kernels: readonly [Release, Release],
  level: Level,
): Worth {
  const counts = { plain: { tell: 0, of: 0 }, sought: { tell: 0, of: 0 } };
  for (const { lines, kind } of scenes) {
    counts[kind].of++;
    if (tells(lines, kernels, level)) counts[kind].tell++;
  }
  const { plain, sought } = counts;
  const [one, other] = kernels.map(({ release }) => release) as [string, string];
  const all = share(plain.tell + sought.tell, plain.of + sought.of);
  return {
    kernels: [one, other],
    level,
    ...counts,
    text: `${all} of the random scenes tell ${one} from ${other} at level ${level}: ` +
      `${share(plain.tell, plain.of)} of ${plain.of} as they were drawn, ` +
      `${share(sought.tell, sought.of)} of ${sought.of} that were sought for it.`,
  };
}

/** Do two kernels answer a scene differently, before an operation that the simulator does not have? */
export function tells(
  lines: readonly string[],
  kernels: readonly [Release, Release],
  level: Level,
): boolean {
  const [one, other] = kernels.map((release) => machineAnswers(lines, release));
  for (const [i, answer] of one!.entries()) {
    if (answer === "unavailable" || other![i] === "unavailable") return false;
    if (!alike(answer, other![i], level)) return true;
  }
  return false;
}

function share(part: number, whole: number): string {
  return whole === 0 ? "none" : `${Math.round(100 * part / whole)} %`;
}
