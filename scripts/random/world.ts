// What a scene has at each of its lines, and what fits there. `fits` keeps out what a real kernel answers now so and now so,
// or not at all: a second transfer while one is in flight, a transfer of pages that are not there, a process that leaves
// before its transfer ends, a full pipe. `instead` says what must come before an operation that would come to nothing.

import { type Operation, readOperation, readPage } from "../kernel/operation.ts";

/** The most pages that the file has, that a snapshot shows without running out of letters, that a pipe is given. */
export const MOST = { filePages: 8, snapshot: 8, inPipe: 8 };

/** The processes of a scene. */
export const SLOTS = ["P0", "P1", "P2", "P3"];

/** What the probe has never been asked by chance. */
const UNPROBED = ["vmread", "vmend"];

/** What must have begun before this can do anything. */
const AFTER: Readonly<Record<string, string>> = {
  gr: "pin",
  gw: "pin",
  unpin: "pin",
  pr: "vms",
  tee: "vms",
  dwend: "dw",
  drend: "dr",
  vmend: "vmread",
  ksm: "madv mergeable",
};

/** A page that a process has mapped. */
export interface Mapped {
  readonly protection: string;
  /** Does a child inherit it? */
  readonly inherited: boolean;
  /** May KSM look at it? */
  readonly mergeable: boolean;
}

type Pages = Map<string, Mapped>;
const NONE: Pages = new Map();

/** A scene up to one of its lines. */
export class World {
  /** The live processes, each with its pages. */
  readonly live = new Map<string, Pages>([["P0", new Map()]]);
  /** What was begun and has not ended, such as `pin 0`, and how many pages it has. */
  readonly begun = new Map<string, number>();
  /** The processes that have threads, with these. */
  readonly #threads: Set<string>[] = [];
  /** The transfers in flight, `dw` and `dr`, and whose they are. */
  readonly transfers = new Map<string, string>();
  /** The pages that were written, the last one first. */
  readonly written: string[] = [];
  /** The page of the last line that had one. */
  last: string | undefined;

  /** Takes a line that fits; false, and nothing is changed, where it does not. */
  step(line: string): boolean {
    const operation = readOperation(line), fits = this.#fits(operation);
    if (fits) this.#take(operation);
    return fits;
  }

  /** Takes a line, fit or not. */
  take(line: string): void {
    this.#take(readOperation(line));
  }

  #fits({ who, op, args, shape }: Operation): boolean {
    const pages = who === "*" ? NONE : this.live.get(who);
    if (!shape || !pages || UNPROBED.includes(op)) return false;
    const [first = "", second = "", third = ""] = args;
    switch (op) {
      case "mmap":
        return !third.endsWith("file") || Number(second) <= MOST.filePages;
      case "mremap":
        // Where it stops when the range has a hole differs between kernels.
        return first[0] !== third[0] && range(first, second).every((page) => pages.has(page));
      case "fork":
        return SLOTS.includes(first) && !this.live.has(first);
      case "exec":
        // A probe with several threads cannot.
        if (this.#threads.some((group) => group.has(who))) return false;
        return ![...this.transfers.values()].includes(who); // the probe's transfer is a thread as well
      case "exit":
        return ![...this.transfers.values()].includes(who);
      case "vms":
        return !pages.has(range(first, 1)[0]!) ||
          (this.begun.get(`vms ${second}`) ?? 0) < MOST.inPipe;
      case "dw":
      case "dr": {
        const needed = op === "dw" ? /^rw?$/ : /^rw$/;
        return this.transfers.size === 0 &&
          range(first, second).every((page) => needed.test(pages.get(page)?.protection ?? ""));
      }
      case "dwend":
      case "drend":
        return this.transfers.has(AFTER[op]!);
      case "snap":
        return this.live.size > 0 && Number(second) <= MOST.snapshot;
      default:
        return true;
    }
  }

  #take({ who, op, args, shape }: Operation): void {
    const pages = who === "*" ? NONE : this.live.get(who);
    if (!pages) return;
    const [first = "", second = "", third = ""] = args;
    if (shape?.[0] === "page") this.last = range(first, 1)[0];
    switch (op) {
      case "mmap":
        for (const page of range(first, second)) {
          pages.set(page, { protection: "rw", inherited: true, mergeable: false });
        }
        return;
      case "munmap":
        for (const page of range(first, second)) pages.delete(page);
        return;
      case "mremap": {
        const from = range(first, second), moved = from.map((page) => pages.get(page));
        for (const page of from) pages.delete(page);
        for (const [i, page] of range(third, second).entries()) {
          if (moved[i]) pages.set(page, moved[i]);
        }
        return;
      }
      case "mprot":
        change(pages, first, second, { protection: third });
        return;
      case "madv":
        if (third === "mergeable") this.begun.set("madv mergeable", 1);
        if (third.endsWith("mergeable")) {
          change(pages, first, second, { mergeable: third === "mergeable" });
        }
        if (third === "dontfork") change(pages, first, second, { inherited: false });
        if (third === "dofork") change(pages, first, second, { inherited: true });
        return;
      case "w":
      case "mw":
        this.written.unshift(first);
        return;
      case "fork":
      case "spawn":
        if (!this.live.has(first)) {
          const inherited = [...pages].filter(([, { inherited }]) => inherited && op === "fork");
          this.live.set(first, new Map(inherited));
        }
        return;
      case "vfork":
      case "thread":
        if (this.live.has(first)) return;
        this.live.set(first, pages);
        if (op === "thread") this.#threads.push(new Set([who, first]));
        return;
      case "exec":
        this.live.set(who, new Map());
        return;
      case "exit":
        this.live.delete(who);
        return;
      case "pin":
        if (!this.begun.has(`pin ${third}`) && range(first, second).every((at) => pages.has(at))) {
          this.begun.set(`pin ${third}`, Number(second));
        }
        return;
      case "vms":
        if (pages.has(range(first, 1)[0]!)) this.#add(`vms ${second}`, 1);
        return;
      case "pr":
        return this.#add(`vms ${first}`, -1);
      case "vmread":
        this.begun.set(`vmread ${third}`, 1);
        return;
      case "unpin":
      case "vmend":
        this.begun.delete(`${AFTER[op]} ${first}`);
        return;
      case "dw":
      case "dr":
        this.transfers.set(op, who);
        return;
      case "dwend":
      case "drend":
        this.transfers.delete(AFTER[op]!);
    }
  }

  #add(pipe: string, pages: number): void {
    const inPipe = (this.begun.get(pipe) ?? 0) + pages;
    if (inPipe > 0) this.begun.set(pipe, inPipe);
    else this.begun.delete(pipe);
  }

  /** What has its place before an operation of `who`; undefined where it has one itself, or none is sought. */
  instead({ who, op }: Pick<Operation, "who" | "op">, sought: boolean): string | undefined {
    // There is one transfer of a kind at a time: the device must answer before the next.
    if (this.transfers.has(op)) return `* ${op}end`;
    if (!sought) return;
    const first = AFTER[op];
    if (first && !this.transfers.has(first) && this.slots(first).length === 0) return first;
    if (op === "exit" && this.live.size === 1) return "w";
    if (isFork(op) && this.live.size === SLOTS.length) return "exit";
    const mapped = this.live.get(who) ?? this.live.values().next().value;
    if (op !== "mmap" && mapped?.size === 0) return "mmap";
  }

  /** The rings, pipes or the like in which there is what an operation begins, or needs. */
  slots(op: string): string[] {
    const first = AFTER[op] ?? op;
    return [...this.begun.keys()].filter((name) => name.startsWith(first))
      .map((name) => name.slice(first.length + 1));
  }
}

/** Is a child born? */
export const isFork = (op: string): boolean => /^(?:v?fork|spawn|thread)$/.test(op);

function change(pages: Pages, first: string, count: string, to: Partial<Mapped>): void {
  for (const name of range(first, count)) {
    const page = pages.get(name);
    if (page) pages.set(name, { ...page, ...to });
  }
}

/** The end of what is in flight. */
export function ends({ transfers }: World): string[] {
  return [...transfers.keys()].map((op) => op === "dw" ? "* dwend" : "* drend 91");
}

/** The pages of a range by their names. */
export function range(first: string, count: string | number): string[] {
  const { region, index } = readPage(first);
  return Array.from({ length: Number(count) }, (_, i) => `${region}${index + i}`);
}
