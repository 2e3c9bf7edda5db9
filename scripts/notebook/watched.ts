// The simulator as the cells of a chapter import it in a child process: the same, and its machines are watched.

import * as sim from "../../sim/mod.ts";
import { watch } from "./watch.ts";

export * from "../../sim/mod.ts";

/** A machine that is watched. */
export class Lab extends sim.Lab {
  constructor(...args: ConstructorParameters<typeof sim.Lab>) {
    super(...args);
    watch.made(this, Object.keys(args[1]?.proposals ?? {}));
  }

  override driver(...args: Parameters<sim.Lab["driver"]>): void {
    watch.plugged(this, args[0]);
    super.driver(...args);
  }
}

// A scene of which the machine lacks an operation has shown nothing.

/** Runs a scene. */
export const runScene: typeof sim.runScene = (lines, release) => playScene(lines, release).answers;

/** Runs a scene, and keeps its trace. */
export const playScene: typeof sim.playScene = (lines, release) => {
  const played = sim.playScene(lines, release);
  if (!played.answers.includes(sim.UNAVAILABLE)) watch.ran({ lines }, release);
  return played;
};

/** Runs a scene for what came of it. */
export const outcome: typeof sim.outcome = (scene, release) => {
  const came = sim.outcome(scene, release);
  if (came !== undefined) watch.ran(scene, release);
  return came;
};

/** Runs a scene, and judges it. */
export const judge: typeof sim.judge = (scene, release) => {
  const judged = sim.judge(scene, release);
  if (judged !== undefined) watch.ran(scene, release);
  return judged;
};

/** Runs a race in every order. */
export const explore: typeof sim.explore = (...args) => {
  watch.raced(args[0]);
  return sim.explore(...args);
};

/** Runs a race in one order. */
export const replay: typeof sim.replay = (...args) => {
  watch.raced(args[0]);
  return sim.replay(...args);
};
