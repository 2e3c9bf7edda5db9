// A scene's answers, the kernel's and the simulator's, held against each other at what both can see.

import {
  atLevel,
  type Level,
  levels,
  playScene,
  type Release,
  runScene,
  SceneError,
  UNAVAILABLE,
  WORDS,
} from "../../sim/mod.ts";
import { abilityOf, readOperation, shapeOf } from "./operation.ts";

/** What came of a scene. */
export type Verdict =
  | { readonly verdict: "agrees" }
  /** `at` is the first line that differs, counted from 0; `level` the least at which the scene does. */
  | { readonly verdict: "differs"; readonly at: number; readonly level: Level }
  /** An operation that one of them does not have: from there on they do not tell the same story. */
  | { readonly verdict: "unavailable"; readonly at: number; readonly why: string };

/** A scene's answers by both, as seen at one level. */
export interface Answers {
  readonly kernel: readonly string[];
  readonly machine: readonly string[];
}

/**
 * Compares up to the first operation that one of the two does not have.
 *
 * @param reasons why the probe does not have an ability
 */
export function compareAnswers(
  lines: readonly string[],
  answers: Answers,
  level: Level,
  reasons: ReadonlyMap<string, string> = new Map(),
): Verdict {
  const { kernel, machine } = answers;
  const end = lines.findIndex((_, i) => kernel[i] === UNAVAILABLE || machine[i] === UNAVAILABLE);
  const known = end < 0 ? lines.length : end;
  for (const seen of levels.slice(0, levels.indexOf(level) + 1)) {
    for (let at = 0; at < known; at++) {
      if (!alike(kernel[at], machine[at], seen)) {
        return { verdict: "differs", at, level: seen };
      }
    }
  }
  if (end < 0) return { verdict: "agrees" };
  const line = lines[end]!;
  const missing = machine[end] === UNAVAILABLE ? ["simulator"] : [];
  if (kernel[end] === UNAVAILABLE) missing.unshift("kernel");
  const reason = kernel[end] === UNAVAILABLE && reasons.get(abilityOf(line) ?? "");
  const why = `${missing.join(" and ")}: ${nameOf(line)}${reason ? `, ${reason}` : ""}`;
  return { verdict: "unavailable", at: end, why };
}

/** What the machine answers for a fault count that no page table decides. */
const UNDECIDED = " f?";

/** Do two answers say the same, as far as is seen and decided? */
export function alike(one: string | undefined, other: string | undefined, level: Level): boolean {
  return look(decided(one, other), level) === look(decided(other, one), level);
}

/** An answer without its count where the other one leaves it open. */
export function decided(one: string | undefined, other: string | undefined): string | undefined {
  return other?.includes(UNDECIDED) ? one?.replace(/ f[01]\b/, UNDECIDED) : one;
}

/** How many of the machine's answers leave a count open. */
export function undecided(machine: readonly string[]): number {
  return machine.filter((answer) => answer.includes(UNDECIDED)).length;
}

/** An answer as it is compared and shown: KSM pages are marked by some kernels only. */
export function look(answer: string | undefined, level: Level): string | undefined {
  if (answer === undefined) return undefined;
  return atLevel(answer.replaceAll(/([x.]\d+)k/g, "$1"), level);
}

/** What a line does, in a word or two: `madv pageout`, `fork`, `dw loop`, `pin r`. */
function nameOf(line: string): string {
  const { who, op, args } = readOperation(line), shape = shapeOf(op) ?? [];
  if (op === "" || who.endsWith(":")) return who === "race" ? who : line;
  return [op, ...args.filter((_, at) => at >= shape.length || shape[at]! in WORDS)].join(" ");
}

/**
 * The simulator's answers; a fault count that page tables do not decide is `f?`. Where it breaks a rule of its own on the
 * way, which is a defect of it, the line is answered `broken: …` and there are no more.
 *
 * @throws SceneError for a line that is no operation
 */
export function machineAnswers(lines: readonly string[], release: Release): string[] {
  try {
    const { answers, undecided } = playScene(lines, release);
    for (const at of undecided) answers[at] = answers[at]!.replace(/ f[01]\b/, UNDECIDED);
    return answers;
  } catch (error) {
    if (error instanceof SceneError) throw error;
    return upToTheBreak(lines, release);
  }
}

/** What a probe may have and the simulator has not: what words need that stand for nothing here. */
export function machineLacks(): string[] {
  const words = Object.values(WORDS).flatMap((kind) => Object.values(kind));
  return words.flatMap(({ needs, operands }) => needs && !operands ? [needs] : []);
}

function upToTheBreak(lines: readonly string[], release: Release): string[] {
  let answers: string[] = [];
  for (let length = 1; length <= lines.length; length++) {
    try {
      answers = runScene(lines.slice(0, length), release);
    } catch (error) {
      return [...answers, `broken: ${error instanceof Error ? error.message : error}`];
    }
  }
  return answers;
}
