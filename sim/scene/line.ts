/**
 * A line of a scene as what it asks for: which operation, by whom, with which operands.
 *
 * @module
 */

import type { Operands } from "../event.ts";
import type { InScene, Operation } from "../operations/operation.ts";
import { operations } from "../operations/table.ts";
import { type Read, readWords, SLOT } from "./notation.ts";

/** An operation that a scene can ask for. */
export type Row = Operation & { readonly scene: InScene<keyof Operands, unknown> };

/** What a line asks for. */
export interface Asked {
  /** The line as the trace has it, with the letter of a race in front. */
  readonly text: string;
  /** `P0` and so on, or `*` for the world outside. */
  readonly who: string;
  /** The operation. */
  readonly row: Row;
  /** What its words stand for; undefined where the machine lacks what one asks for. */
  readonly read: Read | undefined;
}

/** The operations by their words, of processes and of the world outside. */
const ROWS: Readonly<Record<"process" | "outside", ReadonlyMap<string, Row>>> = {
  process: new Map(rowsOf("process")),
  outside: new Map(rowsOf("outside")),
};

function rowsOf(who: Operation["who"]): [word: string, row: Row][] {
  return operations.filter((row): row is Row => row.scene !== undefined)
    .filter((row) => (row.scene.by ?? row.who) === who).map((row) => [row.scene.word, row]);
}

/**
 * Reads a line.
 *
 * @param text what the trace calls it
 * @throws SyntaxError where it is none
 */
export function readLine(line: string, text: string = line): Asked {
  const [who = "", word = "", ...words] = line.split(" ");
  if (who !== "*" && !SLOT.test(who)) {
    throw new SyntaxError("a line begins with a process or with *");
  }
  const row = ROWS[who === "*" ? "outside" : "process"].get(word);
  if (!row) throw new SyntaxError(`no operation "${word}"`);
  return { text, who, row, read: readWords(row.scene.words, words) };
}
