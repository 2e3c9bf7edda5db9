// A scene's answers, the kernel's and the simulator's, held against each other at what both can see.

import {
  atLevel,
  type Level,
  levels,
  type Release,
  runScene,
  SceneError,
  UNAVAILABLE,
} from "../../sim/mod.ts";
import { abilityOf, readOperation } from "./operation.ts";

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
      if (look(kernel[at], seen) !== look(machine[at], seen)) {
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

/** An answer as it is compared and shown: KSM pages are marked by some kernels only. */
export function look(answer: string | undefined, level: Level): string | undefined {
  if (answer === undefined) return undefined;
  return atLevel(answer.replaceAll(/([x.]\d+)k/g, "$1"), level);
}

/** What a line does, in a word or two: `madv pageout`, `fork`, `dw loop`. */
function nameOf(line: string): string {
  const { who, op, args } = readOperation(line);
  if (op === "" || who.endsWith(":")) return who === "race" ? who : line;
  const kind = /^(?:madv|mmap|dw|dr)$/.test(op) ? args[2] : args.slice(3).join(" ");
  return kind ? `${op} ${kind}` : op;
}

/**
 * The simulator's answers. Where it breaks a rule of its own on the way, which is a defect of it, the line is answered
 * `broken: …` and there are no more.
 *
 * @throws SceneError for a line that is no operation
 */
export function machineAnswers(lines: readonly string[], release: Release): string[] {
  try {
    return runScene(lines, release);
  } catch (error) {
    if (error instanceof SceneError) throw error;
    return upToTheBreak(lines, release);
  }
}

/** What the simulator does not have of what a probe may have. */
export function machineLacks(release: Release): string[] {
  const trials: Record<string, string> = {
    uring: "P0 pin a0 1 0",
    fuse: "P0 dw a0 1 fuse",
    swap: "P0 madv a0 1 pageout",
    ksm: "P0 madv a0 1 mergeable",
    thp: "P0 madv a0 512 hugepage",
    softdirty: "P0 cr",
  };
  return Object.entries(trials).filter(([, line]) =>
    runScene(["P0 mmap a 512 priv", line], release).includes(UNAVAILABLE)
  ).map(([ability]) => ability);
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
