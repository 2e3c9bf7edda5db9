/**
 * What a Lab did, as the lines of a scene, so that a real kernel can be asked to do the same.
 *
 * Consecutive pages stay consecutive, in a region for each range that is apart from the others. A scene writes one byte
 * where a cell stores text: each text becomes a number of its own. What only a driver can ask for is put as a system call
 * does it: a plain reference that reads is a page in a pipe, a pin that only reads is a direct write in flight.
 *
 * Left out: how long KSM is given; that a pin for writing is a long-term one in a scene; that a Lab's mmap refuses to map
 * in place of something, and a scene's does not; a text that runs into another byte that is looked at.
 *
 * @module
 */

import { bytesOf } from "../data.ts";
import type { Event, Op, Operands } from "../event.ts";
import { operations } from "../operations/table.ts";
import type { InScene, Operation } from "../operations/operation.ts";
import { type Addr, type Contents, PAGE_SIZE, type Pid } from "../state.ts";
import * as uapi from "../uapi.ts";
import { operationText } from "../view/operation.ts";
import { type Kind, WORDS } from "./notation.ts";

/** The lines of a scene; or what none of its lines can say, an operation with the reason. */
export type Transcript =
  | { readonly lines: readonly string[] }
  | { readonly lacks: string }
  /** What a program cannot ask of any kernel, whatever a scene has: what only a driver does. */
  | { readonly apart: string };

/** How many processes, and how many pipes or buffers, a scene has names for. */
const SLOTS = 4, KEYS = 4;
/** What a mapping allows unless the line says else. */
const RW = uapi.PROT_READ | uapi.PROT_WRITE;
/** The most pages that a line shows. */
const SHOWN = 8;
/** The first bytes of the pages of the scene's file. */
const OF_FILE = Array.from({ length: 8 }, (_, i) => 50 + i);
/** What taking a reference to a page comes to when the page table stays as it is. */
const ONLY_TAKES: readonly Event["type"][] = ["note", "saw", "get", "try_grab", "keep", "ungrab"];
/** What lets go of all that its holder has. */
const ENDS: readonly string[] = ["fetched", "delivered", "remote_read", "put_user_pages"];

const rows = new Map(operations.map((row) => [row.call, row]));

/** Writes the operations of a trace, and behind them what each page is by then: which are the same frame. */
export function transcribe(trace: readonly Event[]): Transcript {
  try {
    return { lines: new Scribe(trace).lines() };
  } catch (error) {
    if (error instanceof Untold) return { lacks: error.message };
    if (error instanceof DriversOwn) return { apart: error.message };
    throw error;
  }
}

/** An operation for which a scene has no line. */
class Untold extends Error {
  constructor(op: Op, why: string) {
    super(`${operationText(op)}: ${why}`);
  }
}

/** What only a driver of one's own does: no system call takes a plain reference to write, and keeps it. */
class DriversOwn extends Error {
  constructor({ args }: Op) {
    super(`a plain reference by which ${args.holder} writes, which takes a driver`);
  }
}

/** How a holder of pages holds them, and which of its kind it is. */
interface Holding {
  readonly by: "pipe" | "ring" | "dw" | "dr" | "reader";
  readonly key: number;
}

class Scribe {
  readonly #trace: readonly Event[];
  readonly #regions: Regions;
  readonly #values: Values;
  readonly #slots = new Map<Pid, string>([[1, "P0"]]);
  readonly #holdings = new Map<string, Holding>();

  constructor(trace: readonly Event[]) {
    this.#trace = trace;
    const ops = trace.filter((event) => event.type === "op");
    this.#regions = new Regions(ops);
    this.#values = new Values(ops);
  }

  lines(): string[] {
    const lines: string[] = [];
    for (const [at, event] of this.#trace.entries()) {
      if (event.type !== "op") continue;
      const line = this.#line(event, at);
      if (ENDS.includes(event.call)) this.#holdings.delete(event.args.holder!);
      if (line !== "* ksm" || lines.at(-1) !== line) lines.push(line);
    }
    return [...lines, ...this.#regions.snaps()];
  }

  #line(op: Op, at: number): string {
    const { pid, addr = 0, pages, holder = "", gup_flags = 0 } = op.args;
    switch (op.call) {
      case "get_user_pages":
        if (pages !== 1) throw new Untold(op, "a pipe is given one page at a time");
        if (gup_flags & uapi.FOLL_WRITE && !this.#onlyTakes(at)) {
          throw new DriversOwn(op);
        }
        this.#hold(op, "pipe");
        return this.#words(op, rows.get("vmsplice")!);
      case "pin_user_pages":
        if (gup_flags & uapi.FOLL_WRITE) {
          this.#hold(op, "ring");
          return this.#words(op, rows.get("io_uring_register")!);
        }
        if (gup_flags & uapi.FOLL_LONGTERM) {
          throw new Untold(op, "no system call pins for long only to read");
        }
        this.#hold(op, "dw");
        return `${this.#slot(pid!)} dw ${this.#regions.page(addr)} ${pages} fuse`;
      case "device_read":
      case "device_write":
      case "put_user_pages":
        return this.#ofHolder(op, this.#holdings.get(holder));
      default: {
        const row = rows.get(op.call);
        if (!row?.scene) throw new Untold(op, "no scene has this operation");
        if (op.args.fd !== undefined) throw new Untold(op, "a scene has no device to map");
        return this.#words(op, row);
      }
    }
  }

  /** What is done to pages through their holder. */
  #ofHolder(op: Op, holding: Holding | undefined): string {
    const ends = op.call === "put_user_pages";
    if (holding?.by === "ring") return this.#words(op, rows.get(op.call)!);
    if (op.call === "device_write") {
      throw new DriversOwn(op);
    }
    if (holding?.by === "pipe") return `* ${ends ? "pr" : "tee"} ${holding.key}`;
    if (holding?.by === "dw") {
      this.#holdings.delete(op.args.holder!);
      return "* dwend";
    }
    throw new Untold(op, ends ? "there is nothing to let go" : "the device holds no such page");
  }

  /** The line of an operation that a scene has, or that stands for it. */
  #words(op: Op, { who, scene }: Operation): string {
    const { words, by = who, word } = scene as InScene<keyof Operands, unknown>;
    const { pid, target, child } = op.args;
    const actor = by === "process" ? this.#slot(pid ?? target!) : "*";
    if (child !== undefined) this.#born(op, child);
    const written = words.map((kind, i) => this.#word(op, kind, words.indexOf(kind) < i, word));
    if (op.call === "exit") this.#slots.delete(pid!);
    return [actor, word, ...written].filter((one) => one !== "").join(" ");
  }

  #word(op: Op, kind: Kind, again: boolean, word: string): string {
    const { addr = 0, to = 0, pages, child, target, data, value, offset = 0 } = op.args;
    switch (kind) {
      case "page":
        return this.#regions.page(again ? to : addr);
      case "region":
        return this.#regions.page(addr).replace(/^(\w)0$/, "$1");
      case "count":
        return String(pages);
      case "process":
        return this.#slot(child ?? target!);
      case "value":
        return String(this.#values.of(data ?? [value!]));
      case "index":
        return String(offset / PAGE_SIZE);
      case "ring":
      case "pipe":
      case "reader":
        return String(this.#hold(op, kind).key);
      case "file":
        this.#hold(op, word === "dw" ? "dw" : "dr");
        return op.args.disk!;
      case "how":
        return "";
      case "access":
        return op.args.prot === RW ? "" : this.#named(op, "protection");
      default:
        return this.#named(op, kind);
    }
  }

  /** `priv`, `rw`, `dontneed`; the number where there is no word for it. */
  #named({ args }: Op, kind: keyof typeof WORDS): string {
    const { prot, flags = 0, file, advice } = args;
    const asked: Partial<Operands> = kind === "memory"
      ? { prot: RW, flags: flags | uapi.MAP_FIXED, ...file && { file } }
      : kind === "protection"
      ? { prot }
      : { advice };
    const word = Object.entries(WORDS[kind]).find(([, { operands }]) =>
      operands && same(operands, asked)
    );
    const number = kind === "memory" ? flags : kind === "protection" ? prot : advice;
    return word?.[0] ?? `0x${number!.toString(16)}`;
  }

  #slot(pid: Pid): string {
    return this.#slots.get(pid)!;
  }

  #born(op: Op, child: Pid): void {
    const free = lowestFree([...this.#slots.values()].map((slot) => Number(slot.slice(1))));
    if (free >= SLOTS) throw new Untold(op, `a scene has ${SLOTS} processes`);
    this.#slots.set(child, `P${free}`);
  }

  /** How this operation's holder holds its pages: as before, or from now on. */
  #hold(op: Op, by: Holding["by"]): Holding {
    const holder = op.args.holder!, before = this.#holdings.get(holder);
    if (before?.by === by) return before;
    if (before) throw new Untold(op, `${holder} holds pages in another way as well`);
    const most = by === "dw" || by === "dr" ? 1 : KEYS;
    const taken = [...this.#holdings.values()].filter((one) => one.by === by).map(({ key }) => key);
    const key = lowestFree(taken);
    if (key >= most) throw new Untold(op, `a scene has ${most} at a time`);
    const holding = { by, key };
    this.#holdings.set(holder, holding);
    return holding;
  }

  /** Did this operation, of which the events up to the next one are, leave the page table as it was? */
  #onlyTakes(at: number): boolean {
    for (const { type } of this.#trace.slice(at + 1)) {
      if (type === "op") return true;
      if (!ONLY_TAKES.includes(type)) return false;
    }
    return true;
  }
}

function lowestFree(taken: readonly number[]): number {
  let free = 0;
  while (taken.includes(free)) free++;
  return free;
}

function same(operands: Partial<Operands>, asked: Partial<Operands>): boolean {
  const names = new Set([...Object.keys(operands), ...Object.keys(asked)]) as Set<keyof Operands>;
  return [...names].every((name) => operands[name] === asked[name]);
}

/** The pages of a Lab by names of scenes: a region for each range of pages that touch each other. */
class Regions {
  /** From the first page to behind the last, by page number. */
  readonly #ranges: { from: number; to: number }[] = [];

  constructor(ops: readonly Op[]) {
    const asked = ops.flatMap(({ args: { addr, to, pages = 1 } }) =>
      [addr, to].flatMap((at) => at === undefined ? [] : [{ from: pageOf(at), pages }])
    );
    for (const { from, pages } of asked.sort((a, b) => a.from - b.from)) {
      const last = this.#ranges.at(-1);
      if (last && from <= last.to) last.to = Math.max(last.to, from + pages);
      else this.#ranges.push({ from, to: from + pages });
    }
  }

  /** `a0`, or `a0+64` for another byte of it. */
  page(addr: Addr): string {
    const at = this.#ranges.findIndex(({ from, to }) => pageOf(addr) >= from && pageOf(addr) < to);
    const byte = addr % PAGE_SIZE;
    const name = `${letter(at)}${pageOf(addr) - this.#ranges[at]!.from}`;
    return byte === 0 ? name : `${name}+${byte}`;
  }

  /** A look at the first pages of each region. */
  snaps(): string[] {
    return this.#ranges.map(({ from, to }, at) =>
      `* snap ${letter(at)}0 ${Math.min(to - from, SHOWN)}`
    );
  }
}

function pageOf(addr: Addr): number {
  return Math.floor(addr / PAGE_SIZE);
}

function letter(at: number): string {
  return String.fromCharCode("a".charCodeAt(0) + at);
}

/** What is stored, as numbers: a byte as it is, anything longer as a number that nothing else has. */
class Values {
  readonly #numbers = new Map<string, number>();

  constructor(ops: readonly Op[]) {
    const stored = ops.map(({ args: { data, value } }) =>
      bytesOf(data ?? (value === undefined ? [] : [value]))
    );
    const taken = new Set([...OF_FILE, ...stored.flatMap((one) => one.length === 1 ? one : [])]);
    let next = 1;
    for (const bytes of stored) {
      if (bytes.length <= 1 || this.#numbers.has(String(bytes))) continue;
      while (taken.has(next)) next++;
      this.#numbers.set(String(bytes), next++);
    }
  }

  of(data: string | Contents): number {
    const bytes = bytesOf(data);
    return this.#numbers.get(String(bytes)) ?? bytes[0] ?? 0;
  }
}
