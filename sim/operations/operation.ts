/**
 * What an operation of the machine is: a row of the table. Each is written once, here in `operations/`; `Lab`'s methods,
 * the lines of scenes, their table in `scenes/README.md`, the random generators and the probe of real kernels read it or
 * are held against it.
 *
 * To add one: its path in `mm/`, a row in the file of its family, a method of `Lab`, a line in the table of the probe.
 *
 * @module
 */

import type { Operands } from "../event.ts";
import type { Host } from "../host.ts";
import type { Path } from "../machine.ts";
import type { Ability, Kind } from "../scene/notation.ts";
import type { Pid } from "../state.ts";

/** An operation of the machine: who does it, what it is asked with, the path that runs it, how a scene asks for it. */
export interface Operation<K extends keyof Operands = keyof Operands, R = unknown> {
  /** Linux's name where it has one. */
  readonly call: string;
  /** A process, which must not be waiting in vfork; or the world outside: a device, a daemon, a reader. */
  readonly who: "process" | "outside";
  /** What it is asked with. */
  readonly operands: readonly K[];
  /** Does it. */
  path(m: Host, operands: Pick<Operands, K>): Path<R>;
  /** How a scene asks for it; undefined where none can. */
  readonly scene?: InScene<K, R>;
}

/** An operation as a line of a scene: `P0 madv a0 1 pageout`, or `* gr 0 0` if the world outside does it. */
export interface InScene<K extends keyof Operands, R> {
  /** Its word, `madv`. */
  readonly word: string;
  /** Who stands in front of it, where that is not who does it: a process goes to its own /proc/self/mem. */
  readonly by?: "process";
  /** The words behind it, by their kinds. */
  readonly words: readonly Kind[];
  /** What it is asked with as well, which no word of the line says. */
  readonly also?: Partial<Operands>;
  /** What it does, for the table in scenes/README.md. */
  readonly does: string;
  /** What it can be answered beside `noproc` and `unavailable`, for the same table. */
  readonly answers: string;
  /** What it needs of a real kernel; some of its words need more. */
  readonly needs?: Ability;
  /** It reads a byte for somebody, and changes none: what `outcome()` tells of a scene. */
  readonly reads?: true;
  /** It takes pages for its holder, who has none of them before it has them all. */
  readonly collects?: true;
  /** What it is answered when the holder that it names has no such page. */
  readonly without?: string;
  /** The process leaves its address space, and waits for whoever else is at work there. */
  readonly leaves?: true;
  /**
   * Is asked before the operation begins, and answers how its result is told: `ok` when not said.
   *
   * @param slots the processes of the scene
   */
  answer?(
    m: Host,
    operands: Pick<Operands, K>,
    slots: ReadonlyMap<string, Pid>,
  ): (result: R) => string;
}

/** A row, but for its name. */
export function operation<const K extends keyof Operands, R>(
  row: Omit<Operation<K, R>, "call">,
): Omit<Operation<K, R>, "call"> {
  return row;
}

/** Rows by their names. */
export function named<T extends Record<string, object>>(
  rows: T,
): { readonly [C in keyof T]: T[C] & { readonly call: string } } {
  const entries = Object.entries(rows).map(([call, row]) => [call, { ...row, call }]);
  return Object.fromEntries(entries);
}
