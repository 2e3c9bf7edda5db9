// This module is browser compatible.
/**
 * Scenes: small programs in data that the machine runs and that a real kernel can run, a line in, a line out.
 *
 * `P0 w a0 5` is done by process 0, `* gr 0 0` by the world outside. Regions are letters, pages are counted in them, and
 * only byte 0 of a page is read or written. `stage.ts` has the operations. One that the machine does not have is answered
 * `unavailable`, never guessed.
 *
 * @module
 */

import type { Release } from "./policy.ts";
import { Stage, UNAVAILABLE } from "./stage.ts";

export { UNAVAILABLE };

/** A line of a scene is no operation. */
export class SceneError extends Error {
  /** The class, for messages. */
  override name = "SceneError";
  /** Which of the scene's lines it is, counted from 0. */
  readonly at: number;

  /** Names the line. */
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Runs a scene as a kernel would.
 *
 * @param lines the operations, without the `=== name` that begins a scene
 * @returns an answer for each line
 * @throws SceneError for a line that is no operation
 */
export function runScene(lines: readonly string[], release: Release): string[] {
  const stage = new Stage(release);
  return lines.map((line, at) => {
    const [who = "", op = "", ...args] = line.trim().split(/\s+/);
    try {
      return stage.run(who, op, args);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new SceneError(error.message, at);
    }
  });
}

/** A scene and its name, which stands in its file as `=== name`. */
export interface Scene {
  /** Empty for the lines before the first name. */
  readonly name: string;
  /** The operations. */
  readonly lines: readonly string[];
  /** The line of each in its file, counted from 1. */
  readonly places: readonly number[];
}

/** Cuts a file into its scenes; empty lines and lines that begin with `#` are left out. */
export function parseScenes(text: string): Scene[] {
  const scenes: { name: string; lines: string[]; places: number[] }[] = [];
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const name = line.match(/^===\s*(.*)$/)?.[1];
    if (name !== undefined) scenes.push({ name, lines: [], places: [] });
    else {
      const scene = scenes.at(-1) ?? { name: "", lines: [], places: [] };
      if (scenes.length === 0) scenes.push(scene);
      scene.lines.push(line);
      scene.places.push(at + 1);
    }
  }
  return scenes;
}

/** The text of a file of scenes, which {@linkcode parseScenes} cuts again. */
export function printScenes(scenes: readonly Pick<Scene, "name" | "lines">[]): string {
  return scenes.map(({ name, lines }) => `${[`=== ${name}`.trimEnd(), ...lines].join("\n")}\n`)
    .join("\n");
}
