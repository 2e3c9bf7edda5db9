/**
 * How a scene ended: the last of its states in which right and wrong can be decided, since a scene's last lines often let
 * go of what was held.
 *
 * @module
 */

import { Machine } from "../machine.ts";
import type { Release } from "../releases.ts";
import type { State } from "../state.ts";
import { type Verdict, verdicts } from "../verdict.ts";
import { playScene } from "./scene.ts";

/** The end of a scene. */
export interface Ending {
  /** The last state, between two operations, that has a verdict; the last of all where none has. */
  readonly state: State;
  /** What is right and wrong in it, in the order of the words. */
  readonly verdicts: readonly Verdict[];
}

/**
 * Runs a scene, and looks at what each operation left.
 *
 * @throws SceneError, KernelBug as `runScene` does
 */
export function endingOf(lines: readonly string[], release: Release): Ending {
  const m = new Machine(release.era), { trace } = playScene(lines, release);
  let last: { at: number; verdicts: readonly Verdict[] } | undefined;
  const look = () => {
    const found = verdicts(m.state);
    if (found.length > 0) last = { at: m.trace.length, verdicts: found };
  };
  for (const event of trace) {
    if (event.type === "op") look();
    m.emit(event);
  }
  look();
  return { state: m.at(last?.at ?? trace.length), verdicts: last?.verdicts ?? [] };
}
