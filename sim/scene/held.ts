/**
 * For tests: a scene with the answers that it must get.
 *
 * @module
 */

import type { Release } from "../releases.ts";
import { runScene } from "./scene.ts";

/**
 * Runs a scene whose lines say behind ` -> ` what a kernel answered; a line without an arrow was answered `ok`.
 *
 * @returns what the machine answers and what the text says, a line each, to be compared
 */
export function held(release: Release, text: string): [actual: string[], expected: string[]] {
  const lines = text.trim().split("\n").map((line) => line.trim().split(" -> "));
  const answers = runScene(lines.map(([line]) => line!), release);
  return [
    lines.map(([line], at) => `${line} -> ${answers[at]}`),
    lines.map(([line, answer = "ok"]) => `${line} -> ${answer}`),
  ];
}
