// What a scene has at each of its lines, as far as a generator must know it: who lives, which pages are mapped, what is
// held. It keeps out what a real kernel answers now so and now so, or not at all: a second transfer while one is in
// flight, a transfer of pages that are not there, a process that leaves before its transfer ends, a full pipe.

import { readOperation, readPage } from "./operation.ts";

/** The most pages that the file has, that a snapshot shows without running out of letters, that a pipe is given. */
export const MOST = { filePages: 8, snapshot: 8, inPipe: 8 };

/** A page that a process has mapped. */
export interface Mapped {
  readonly memory: string;
  readonly protection: string;
  /** Does a child inherit it? */
  readonly inherited: boolean;
}

/** A scene up to one of its lines. */
export class World {
  /** The live processes, each with its pages. */
  readonly live = new Map<string, Map<string, Mapped>>([["P0", new Map()]]);
  /** The fixed buffers, and their pages. */
  readonly pins = new Map<string, number>();
  /** The pipes, and how many pages are in each. */
  readonly pipes = new Map<string, number>();
  /** The transfer in flight. */
  transfer: { who: string; op: string } | undefined;

  /** Takes a line; false, and nothing is changed, where the line has no place in a scene here. */
  step(line: string): boolean {
    const { who, op, args, shape } = readOperation(line);
    if (!shape) return false;
    return who === "*" ? this.#outside(op, args) : this.#process(who, op, args);
  }

  #process(who: string, op: string, args: readonly string[]): boolean {
    const pages = this.live.get(who);
    if (!pages) return false;
    const [first = "", second = "", third = ""] = args;
    switch (op) {
      case "mmap":
        if (third.endsWith("file") && Number(second) > MOST.filePages) return false;
        for (const page of range(`${first}0`, second)) {
          pages.set(page, { memory: third, protection: "rw", inherited: true });
        }
        return true;
      case "munmap":
        for (const page of range(first, second)) pages.delete(page);
        return true;
      case "mremap": {
        if (first[0] === third[0]) return false;
        const from = range(first, second), to = range(third, second);
        const moved = from.map((page) => pages.get(page));
        // Where it stops when the range has a hole differs between kernels.
        if (moved.includes(undefined)) return false;
        for (const [i, page] of to.entries()) pages.set(page, moved[i]!);
        for (const page of from) pages.delete(page);
        return true;
      }
      case "mprot":
        this.#change(pages, first, second, (page) => ({ ...page, protection: third }));
        return true;
      case "madv":
        if (third === "dontfork" || third === "dofork") {
          this.#change(pages, first, second, (page) => ({
            ...page,
            inherited: third === "dofork",
          }));
        }
        return true;
      case "fork":
        if (this.live.has(first) || !/^P[0-3]$/.test(first)) return false;
        this.live.set(first, new Map([...pages].filter(([, { inherited }]) => inherited)));
        return true;
      case "exit":
        if (this.transfer?.who === who) return false;
        return this.live.delete(who);
      case "pin":
        if (!this.pins.has(third) && range(first, second).every((page) => pages.has(page))) {
          this.pins.set(third, Number(second));
        }
        return true;
      case "vms": {
        if (!pages.has(range(first, 1)[0]!)) return true;
        const inPipe = this.pipes.get(second) ?? 0;
        if (inPipe >= MOST.inPipe) return false;
        this.pipes.set(second, inPipe + 1);
        return true;
      }
      case "dw":
      case "dr": {
        const needed = op === "dw" ? /^rw?$/ : /^rw$/;
        const there = range(first, second).every((page) =>
          needed.test(pages.get(page)?.protection ?? "")
        );
        if (this.transfer || !there) return false;
        this.transfer = { who, op };
        return true;
      }
      default:
        return true;
    }
  }

  #outside(op: string, args: readonly string[]): boolean {
    const [first = "", second = ""] = args;
    switch (op) {
      case "unpin":
        this.pins.delete(first);
        return true;
      case "pr":
        this.pipes.set(first, Math.max((this.pipes.get(first) ?? 0) - 1, 0));
        return true;
      case "dwend":
      case "drend":
        if (this.transfer?.op !== op.slice(0, 2)) return false;
        this.transfer = undefined;
        return true;
      case "snap":
        return this.live.size > 0 && Number(second) <= MOST.snapshot;
      default:
        return true;
    }
  }

  #change(
    pages: Map<string, Mapped>,
    first: string,
    count: string,
    change: (page: Mapped) => Mapped,
  ): void {
    for (const name of range(first, count)) {
      const page = pages.get(name);
      if (page) pages.set(name, change(page));
    }
  }
}

/** The lines that have a place where they stand, and the end of a transfer that was left in flight. */
export function tidy(lines: readonly string[]): string[] {
  const world = new World();
  const kept = lines.filter((line) => world.step(line));
  if (world.transfer) kept.push(world.transfer.op === "dw" ? "* dwend" : "* drend 91");
  return kept;
}

/** The pages of a range by their names. */
export function range(first: string, count: string | number): string[] {
  const { region, index } = readPage(first);
  return Array.from({ length: Number(count) }, (_, i) => `${region}${index + i}`);
}
