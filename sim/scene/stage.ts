/**
 * The operations of a scene: what stands between a line of it and the machine. Each is a {@linkcode Path}, so that
 * several can be interleaved. What the machine does not have, huge pages, is answered `unavailable`.
 *
 * @module
 */

import { cameOf, Errno, Signal } from "../errno.ts";
import type { Operands } from "../event.ts";
import { Host } from "../host.ts";
import type { Machine, Path } from "../machine.ts";
import { assertRuns } from "../mm/fork.ts";
import type { Release } from "../releases.ts";
import { type Mm, PAGE_SIZE, type Pid } from "../state.ts";
import type { Asked, Row } from "./line.ts";
import type { Read } from "./notation.ts";

/** What an operation of a scene that the machine does not have is answered. */
export const UNAVAILABLE = "unavailable";

/** A machine with the processes of a scene by their slots; P0 lives from the beginning. */
export class Stage {
  readonly #host: Host;
  readonly #slots = new Map<string, Pid>([["P0", 1]]);
  /** The slots of children, and the holders of pages, that an operation is at work on. */
  readonly #underway = new Set<string>();
  /** The operations at work in each address space, which goes with the last of them: `mm_users`. */
  readonly #users = new WeakMap<Mm, Set<string>>();

  /** Sets a scene up on a kernel. */
  constructor({ era, build }: Release) {
    this.#host = new Host(era, { build });
  }

  /** The machine, to be looked at. */
  get machine(): Machine {
    return this.#host;
  }

  /** Runs one operation to its end. */
  run(asked: Asked): string {
    return this.#host.run(this.operation(asked));
  }

  /**
   * One operation; no two of the same text may be at work.
   *
   * @returns its answer
   */
  *operation({ text, who, row, read }: Asked): Path<string> {
    const pid = this.#slots.get(who);
    if (who !== "*" && pid === undefined) return "noproc";
    if (!read) return UNAVAILABLE;
    try {
      if (pid !== undefined) assertRuns(this.#host, pid);
      const operands = this.#operandsOf(row, pid, read);
      const refused = this.#refused(row, operands, read.slot);
      if (refused !== undefined) return refused;
      return yield* this.#performed(row, who, operands, read.slot, text);
    } catch (error) {
      if (error instanceof Errno) return error.code;
      if (error instanceof Signal) return error.code === "SIGSEGV" ? "segv" : "sigbus";
      throw error;
    }
  }

  /** What the operation takes of what the line says, of what is always so, and of who asks. */
  #operandsOf({ operands, scene }: Row, pid: Pid | undefined, read: Read): Operands {
    const slot = read.slot ? this.#slots.get(read.slot) : pid;
    const all: Partial<Operands> = { ...scene.also, ...read.operands };
    const taken: Record<string, unknown> = {};
    for (const name of operands) {
      const value = name === "pid"
        ? pid
        : name === "target"
        ? slot
        : name === "child"
        ? this.#host.state.nextPid
        : all[name];
      if (value !== undefined) taken[name] = value;
    }
    return taken as unknown as Operands;
  }

  /** Why it does not begin: it is about a process that is not there, or is, or about pages that nobody holds, or does. */
  #refused({ operands, scene }: Row, args: Operands, slot: string): string | undefined {
    const { holder, offset = 0 } = args;
    if (operands.includes("child")) {
      return this.#slots.has(slot) || this.#underway.has(slot) ? "exists" : undefined;
    }
    if (slot && !this.#slots.has(slot)) return "noproc";
    const held = this.#host.state.holds.get(holder), underway = this.#underway.has(holder);
    if (scene.collects) return held || underway ? "EBUSY" : undefined;
    const there = held?.[offset / PAGE_SIZE] && !underway;
    return there ? undefined : scene.without;
  }

  /** Performs it, at work in the address spaces that it is about, and alone on what it begins. */
  *#performed(row: Row, who: string, args: Operands, slot: string, text: string): Path<string> {
    const m = this.#host, { answer, leaves, collects } = row.scene, { pid, target, child } = args;
    const mm = pid && m.mm(pid), other = target && m.mm(target);
    const alone = collects ? args.holder : child && slot;
    if (mm) this.#usersOf(mm).add(text);
    if (other) this.#usersOf(other).add(text);
    if (alone) this.#underway.add(alone);
    const asked = m.op(row.call, args, text);
    try {
      const told = answer?.(m, args, this.#slots);
      if (leaves) {
        if (row.call === "exit") this.#slots.delete(who);
        yield* this.#last(mm as Mm, text);
      }
      const result = yield* row.path(m, args);
      if (child) this.#slots.set(slot, result as Pid);
      return told ? told(result) : "ok";
    } catch (error) {
      throw cameOf(asked, error);
    } finally {
      if (mm) this.#usersOf(mm).delete(text);
      if (other) this.#usersOf(other).delete(text);
      if (alone) this.#underway.delete(alone);
    }
  }

  #usersOf(mm: Mm): Set<string> {
    let users = this.#users.get(mm);
    if (!users) this.#users.set(mm, users = new Set());
    return users;
  }

  /** Waits until nobody else is at work in an address space that is to go: threads that are, and who reads it. */
  *#last(mm: Mm, text: string): Path<void> {
    const users = this.#usersOf(mm);
    users.delete(text);
    const over = () => users.size === 0;
    const reason = () => `mm ${mm.id}, in which ${[...users].join(" and ")} is at work`;
    while (!over()) yield { over, reason };
  }
}
