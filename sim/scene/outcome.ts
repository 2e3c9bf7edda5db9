/**
 * What came of a scene, in a word: what those who read at its end read, each as the letter of whoever wrote it.
 *
 * @module
 */

import { operations } from "../operations/table.ts";
import type { Release } from "../releases.ts";
import { runScene, type Scene, UNAVAILABLE } from "./scene.ts";

/** The bytes that named scenes write: at the beginning, then by the parent, the child, the device. */
const LETTERS: Record<string, string> = {
  0: "zero",
  1: "0",
  2: "P",
  3: "C",
  4: "D",
  segv: "SIGSEGV",
};

/** The operations that somebody reads by. */
const READS = new Set(operations.flatMap(({ scene }) => scene?.reads ? [scene.word] : []));

/**
 * `P/P/0`: what the last lines of a named scene read, the device or the pipe first, then the parent, then the child; 0 is
 * the byte at the beginning, P, C and D what the parent, the child and the device wrote. Of a scene that reads nothing,
 * `reuse` or `copy`: what its last write did to the frame.
 *
 * @returns undefined when the machine lacks an operation of the scene
 */
export function outcome({ lines }: Pick<Scene, "lines">, release: Release): string | undefined {
  const answers = runScene(lines, release);
  if (answers.includes(UNAVAILABLE)) return undefined;
  const from = lines.findLastIndex((line) => !READS.has(line.split(" ")[1]!)) + 1;
  const read = answers.slice(from).map((answer) => answer.replace(/^=| f\d$/g, ""));
  if (read.length > 0) return read.map((value) => LETTERS[value] ?? value).join("/");
  return answers.findLast((answer) => /^ok f/.test(answer))?.endsWith("same") ? "reuse" : "copy";
}
