// The search for a text that breaks a task: mutations of every target in turn, and of the first that breaks something the
// shortest that still does.

import fc from "fast-check";
import { mutated, type Mutation, mutations } from "./mutate.ts";
import { faultOf, type Target } from "./target.ts";

/** What to search, and what to tell on the way. */
export interface Search {
  count: number;
  seed: number;
  /** Where a text that was found stands in the sequence of its seed: that one and no other. */
  path?: string;
  targets: readonly Target[];
  /** Called before each text, and before each shorter one once something is broken. */
  progress?: (text: number) => void;
}

/** A text that breaks something. */
export interface Found {
  target: string;
  text: string;
  what: string;
  /** Leads to it again, with the seed. */
  path: string;
}

/** Looks for a text that is neither read nor refused as somebody can mend it. */
export async function search(
  { count, seed, path, targets, progress }: Search,
): Promise<Found | undefined> {
  const turns = targets.flatMap((target) => Array<Target>(target.weight).fill(target));
  const drawn = fc.record({ turn: fc.nat({ max: turns.length - 1 }), mutation: mutations() });
  let texts = 0;
  const brokenBy = async ({ turn, mutation }: { turn: number; mutation: Mutation }) => {
    progress?.(++texts);
    const target = turns[turn]!;
    // What a file holds: no half of a character.
    const text = mutated(mutation, target.bases).toWellFormed();
    const what = await faultOf(target, text);
    return what === undefined ? undefined : { target: target.name, text, what };
  };
  const result = await fc.check(
    fc.asyncProperty(drawn, async (one) => await brokenBy(one) === undefined),
    { numRuns: path ? 1 : count, seed, path, endOnFailure: path !== undefined },
  );
  if (!result.failed) return undefined;
  const found = await brokenBy(result.counterexample![0]);
  if (found) return { ...found, path: result.counterexamplePath! };
  throw new Error(`the text at ${result.counterexamplePath} was wrong once, and is right now`);
}
