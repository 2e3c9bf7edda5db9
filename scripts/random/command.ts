// A command: a few small numbers, drawn without regard to the others, so that any of them can be left out or made smaller.
// What stands before it decides what becomes of it: its page is one that is mapped there, its buffer one that is held. One
// command of sixteen is taken as it is, and often answered by an error.

import fc, { type Arbitrary } from "fast-check";
import { lineOf, type Operation, type Part, readOperation, shapeOf } from "../kernel/operation.ts";
import { isFork, MOST, SLOTS, type World } from "./world.ts";
import { ROWS, type Theme } from "./weights.ts";

/** What is behind a line; what an operation does not take is ignored. A number is a share of what there is to choose from. */
export interface Command {
  /** Is it one of those that every scene has? */
  usual: boolean;
  theme: number;
  row: number;
  who: number;
  page: number;
  /** The page after that one, which may be mapped or not. */
  next: boolean;
  /** The page of the command before it, and not its own: what follows on a page is what tells. */
  again: boolean;
  /** So many pages; 0 for all of the region. */
  count: number;
  /** Where mremap moves to; how much mmap maps. */
  to: number;
  /** Written by whoever writes. */
  value: number;
  /** Of buffers and pipes. */
  slot: string;
  /** Taken as it is. */
  raw: boolean;
}

/** A share of a list: 0 is its first, 0.999 its last. */
export const share = fc.nat(999).map((n) => n / 1_000);

/** One of the list, which may be empty, by a share of it. */
export function pick<T>(list: readonly T[], share: number): T | undefined {
  return list[Math.floor(share * list.length)];
}

/** Is it one of `times` in `of`? */
const chance = (times: number, of: number) => fc.nat(of - 1).map((n) => n >= of - times);

/** Any command. */
export const command: Arbitrary<Command> = fc.record({
  usual: chance(1, 2),
  theme: share,
  row: share,
  who: share,
  page: share,
  next: chance(1, 10),
  again: chance(1, 4),
  count: fc.constantFrom(1, 1, 1, 1, 1, 0, 0, 0, 2, 3, 5),
  to: share,
  value: fc.integer({ min: 1, max: 6 }),
  slot: fc.constantFrom("0", "1"),
  raw: chance(1, 16),
});

/** The most pages of an operation. */
const MOST_OF: Readonly<Record<string, number>> = { snap: MOST.snapshot, pin: 4, dw: 3, dr: 3 };

/** Makes lines of commands where a scene stands. */
export class Stage {
  readonly #world: World;
  readonly #themes: readonly Theme[];
  readonly #possible: readonly Theme[];

  /** `themes` is what the scene is about; kinds of memory and the like are taken from all that is possible. */
  constructor(
    world: World,
    { themes, possible }: { themes: readonly Theme[]; possible: readonly Theme[] },
  ) {
    this.#world = world;
    this.#themes = themes;
    this.#possible = possible;
  }

  /** What a command comes to: a line, or a few where its row says so. */
  lines(command: Command): string[] {
    const theme = command.usual ? undefined : pick(this.#themes, command.theme);
    const row = pick(ROWS[theme ?? "always"], command.row)!;
    return row.split("; ").map((part) => this.#line(part, command));
  }

  #line(row: string, command: Command): string {
    const [op = "", ...words] = row.replace("* ", "").split(" ");
    const shape = shapeOf(op) ?? [], who = row.startsWith("* ") ? "*" : this.#who(command);
    const other = this.#world.instead({ who, op }, !command.raw);
    if (other) return this.#line(other, command);
    const byte = words[0]?.startsWith("+") ? words.shift() : "";
    const args = shape.map((part, at) =>
      isWord(part) && words.shift() || this.#argument({ who, op, shape }, at, command)
    );
    if (byte) args[0] += byte;
    return [who, op, ...args, ...words].join(" ");
  }

  /** The line with another process, or another argument. */
  altered(line: string, word: number, command: Command): string {
    const operation = readOperation(line), { shape, args, who } = operation;
    const at = Math.floor(word * ((shape?.length ?? 0) + 1)) - 1;
    if (!shape || at < 0) {
      return lineOf({ ...operation, who: who === "*" ? who : this.#who(command) });
    }
    return lineOf({ ...operation, args: args.with(at, this.#argument(operation, at, command)) });
  }

  #who({ who, raw }: Command): string {
    return (raw ? undefined : pick([...this.#world.live.keys()], who)) ?? pick(SLOTS, who)!;
  }

  /** What an operation has as its argument number `at` where the scene stands. */
  #argument(
    { who, op, shape = [] }: Pick<Operation, "who" | "op" | "shape">,
    at: number,
    command: Command,
  ): string {
    const { page, count, to, value, raw, row } = command, { live } = this.#world;
    switch (shape[at]) {
      case "page": {
        if (at > 0) return `${pick(["b", "c", "d", "e"], to)}${value % 3}`;
        const from = this.#page(who, command);
        return count === 0 && shape.includes("count") ? this.#region(who, from)[0] ?? from : from;
      }
      case "region":
        return pick(["a", "b", "c"], page)!;
      case "count": {
        if (shape[0] === "region") return String(pick([2, 3, 4, 1, 2, 3, 9], to));
        const all = count || this.#region(who, this.#page(who, command)).length || 1;
        return String(Math.min(all, MOST_OF[op] ?? all));
      }
      case "value":
        return String(value);
      case "index": {
        const most = raw ? 9 : this.#world.begun.get(`pin ${this.#slot(op, command)}`) ?? 1;
        return String(Math.floor(page * most));
      }
      case "ring":
      case "pipe":
        return this.#slot(op, command);
      case "process": {
        if (!isFork(op)) return pick([...live.keys()], to) ?? "P0";
        return (raw ? undefined : SLOTS.find((free) => !live.has(free))) ?? pick(SLOTS, to)!;
      }
      default:
        return pick(this.#words(op), row) ?? "";
    }
  }

  /** A page that is mapped, or the one after it. */
  #page(who: string, { page, next, again, to, raw }: Command): string {
    if (raw) return `${pick(["a", "b", "c"], to)}${Math.floor(9 * page)}`;
    if (again && this.#world.last) return this.#world.last;
    const near = pick(this.#pages(who).slice(0, 8), page) ?? "a0";
    return next ? `${near[0]}${Number(near.slice(1)) + 1}` : near;
  }

  #region(who: string, page: string): string[] {
    return this.#pages(who).filter((one) => one[0] === page[0]);
  }

  /** The pages of a process; for the world outside, those of the first. */
  #pages(who: string): string[] {
    const { live } = this.#world;
    return [...(live.get(who) ?? live.values().next().value)?.keys() ?? []];
  }

  /** A buffer or pipe; one in which there is something, where an operation needs that. */
  #slot(op: string, { slot, raw }: Command): string {
    const used = this.#world.slots(op);
    return raw || used.includes(slot) ? slot : used[0] ?? slot;
  }

  /** The words that an operation may have, such as `r`, `rw` and `none`, each as often as it weighs. */
  #words(op: string): string[] {
    const rows = this.#possible.flatMap((theme) => ROWS[theme]);
    return rows.filter((row) => row.startsWith(`${op} `)).map((row) => row.slice(op.length + 1));
  }
}

/** Is it chosen from a few words, which a row of weights.ts has? */
function isWord(part: Part): boolean {
  return ["memory", "protection", "advice", "file"].includes(part);
}
