// What must be true of every scene on every kernel, and the search for one of which it is not.

import fc from "fast-check";
import { eras, type Release, releaseNamed, releases, runScene } from "../../sim/mod.ts";
import { type Draft, drafts, sceneOf } from "../random/scenes.ts";
import type { Profile } from "../random/weights.ts";
import { contradiction } from "./oracle.ts";

/** How the machine is asked; a test puts another one in its place. */
export type Run = (lines: readonly string[], kernel: Release) => string[];

/** Every kernel of the machine: the eras as their mainline kernels were, and the releases that were looked at. */
export function kernelsOf(era?: string): Release[] {
  return [...eras.map(({ name }) => releaseNamed(name)), ...releases]
    .filter((kernel) => era === undefined || kernel.era.name === era);
}

/** What is wrong with a kernel's answers to a scene. */
export interface Fault {
  kernel: Release;
  /** The lines as this kernel had them. */
  lines: readonly string[];
  what: string;
}

/** What a line may be answered; which answer is right is not its affair. */
const answerForm = new RegExp(
  "^(?:" + [
    "ok(?: f[01])?(?: (?:same|copy|new))?",
    "=\\d+(?: f[01])?",
    "=\\d+(?:,=\\d+)+",
    "segv|sigbus|noproc|exists|unavailable|inflight|none|empty|timeout",
    "E[A-Z]+",
    "P\\d=\\S+(?: P\\d=\\S+)*",
  ].join("|") + ")$",
);

/** Runs the lines of a scene on one kernel. The first thing that is wrong, or undefined. */
export function faultOf(
  scene: readonly string[],
  profile: Profile,
  kernel: Release,
  { twice = false, run = runScene }: { twice?: boolean; run?: Run } = {},
): Fault | undefined {
  // Nothing is promised for plain references, so transfers that take them are left out where contents are compared.
  const lines = profile === "pins" && !kernel.era.fusePins
    ? scene.filter((line) => !/ d[wr](?:end)?(?: |$)/.test(line))
    : scene;
  const fault = (what: string): Fault => ({ kernel, lines, what });
  let answers: string[], again: string[];
  try {
    answers = run(lines, kernel);
    again = twice ? run(lines, kernel) : answers;
  } catch (error) {
    return fault(String(error));
  }
  if (answers.length !== lines.length) {
    return fault(`${answers.length} answers to ${lines.length} lines`);
  }
  for (const [at, line] of lines.entries()) {
    const empty = line.startsWith("* snap") && answers[at] === "";
    if (!empty && !answerForm.test(answers[at]!)) {
      return fault(`"${line}" is answered "${answers[at]}"`);
    }
  }
  const other = answers.findIndex((answer, at) => answer !== again[at]);
  if (other >= 0) {
    return fault(
      `"${lines[other]}" is answered "${answers[other]}" and, again, "${again[other]}"`,
    );
  }
  // Fork tells pins from other owners where the kernel keeps PG_anon_exclusive; before that nothing is promised.
  const promised = profile === "contents" ||
    profile === "pins" && kernel.era.anonExclusive;
  const wrong = promised ? contradiction(lines, answers) : undefined;
  if (wrong) {
    return fault(
      `"${lines[wrong.at]}" is answered "${answers[wrong.at]}"; right is ${wrong.expected}`,
    );
  }
}

/** What to search, and what to tell on the way. */
export interface Search {
  count: number;
  /** How many operations a scene has. */
  operations: number;
  seed: number;
  /** Where a scene that was found stands in the sequence of its seed: that one and no other. */
  path?: string;
  kernels: readonly Release[];
  run?: Run;
  /** Called before each scene, and before each shorter one once something is broken. */
  progress?: (scene: number, broken: boolean) => void;
}

/** A scene that breaks something, made as short as it goes, and the path that leads to it again. */
export interface Found extends Fault {
  path: string;
}

/** One scene of three does anything; the others do what an oracle follows. */
const profiles = ["everything", "contents", "pins"] as const;

/** Looks for a scene of which something is not true. */
export function search(order: Search): Found | undefined {
  const { count, operations, seed, path, kernels, run, progress } = order;
  let scene = 0, broken = false;
  const firstFault = (draft: Draft): Fault | undefined => {
    progress?.(++scene, broken);
    const lines = sceneOf(draft);
    // Each kernel has its turn to be asked twice.
    for (const [at, kernel] of kernels.entries()) {
      const fault = faultOf(lines, draft.profile, kernel, {
        twice: scene % kernels.length === at,
        run,
      });
      if (fault) return broken = true, fault;
    }
  };
  const length = { least: operations, most: operations };
  const scenes = fc.oneof(...profiles.map((profile) => drafts({ profile, ...length })));
  const result = fc.check(
    fc.property(scenes, (draft) => firstFault(draft) === undefined),
    { numRuns: path ? 1 : count, seed, path, endOnFailure: path !== undefined },
  );
  if (!result.failed) return undefined;
  const { profile } = result.counterexample![0], lines = sceneOf(result.counterexample![0]);
  for (const kernel of kernels) {
    const fault = faultOf(lines, profile, kernel, { twice: true, run });
    if (fault) return { ...shortest(fault, profile, run), path: result.counterexamplePath! };
  }
  throw new Error(`the scene at ${result.counterexamplePath} was wrong once, and is right now`);
}

/** Leaves out every line without which something is wrong still: commands depend on each other, and lines do not. */
function shortest(fault: Fault, profile: Profile, run?: Run): Fault {
  for (let at = fault.lines.length - 1; at >= 0; at--) {
    const lines = fault.lines.toSpliced(at, 1);
    const still = faultOf(lines, profile, fault.kernel, { twice: true, run });
    if (still) return shortest(still, profile, run);
  }
  return fault;
}
