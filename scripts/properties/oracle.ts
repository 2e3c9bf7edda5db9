// What memory holds, whatever the kernel: a model of private copies and shared objects that knows no frame, no page table
// and no era, and shares no code with the machine. It follows a scene with the machine's answers beside it and says where
// one of them cannot be.
//
// Where Linux leaves something open, both answers are right until one was seen: MADV_FREE may have dropped a page; a
// private page of a file may have been copied already by a reader that breaks copy-on-write. Where a call failed half
// way, what it went through is anybody's guess until it is mapped anew.
// Left out: get_user_pages with plain references (pipes, and direct I/O where it takes them): nothing is promised.

import { shapeOf } from "../kernel/operation.ts";
import {
  advise,
  type Cell,
  lose,
  mayOwn,
  observe,
  ownOf,
  type Page,
  protect,
  read,
  refuses,
  seenBy,
  store,
  unknown,
  write,
} from "./page.ts";

/** A page, or one of which nothing is known until it is mapped anew. */
type Known = Page | "unsure";

/** What a process maps, by the names of the pages. */
type Memory = Map<string, Known>;

/** A line whose answer cannot be. */
export interface Contradiction {
  /** Which of the lines, counted from 0. */
  at: number;
  /** What would have been right. */
  expected: string;
}

const FILE_PAGES = 8;

/** How many pages from `at`, such as `a1`, as their names. */
function pagesFrom(at: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${at[0]}${Number(at.slice(1)) + i}`);
}

/** The first answer of a scene that cannot be; undefined when all can. */
export function contradiction(
  lines: readonly string[],
  answers: readonly string[],
): Contradiction | undefined {
  const oracle = new Oracle();
  for (const [at, line] of lines.entries()) {
    const expected = oracle.follow(line.split(" "), answers[at]!);
    if (expected !== undefined) return { at, expected };
  }
}

/** Each method returns undefined when the answer can be, and else what would have been right. */
class Oracle {
  readonly #processes = new Map<string, Memory>([["P0", new Map()]]);
  readonly #file = Array.from({ length: FILE_PAGES }, (_, i): Cell => ({ values: [50 + i] }));
  /** What the device holds: buffers, and a transfer in flight. Undefined: so many pages as nobody knows. */
  readonly #held = new Map<string, Cell[] | undefined>();

  follow([who = "", op = "", ...args]: readonly string[], answer: string): string | undefined {
    if (answer === "unavailable") return;
    if (who === "*") return this.#outside(op, args, answer);
    const memory = this.#processes.get(who);
    if (!memory) return only("noproc", answer);
    const [at = "", second = "", third = ""] = args;
    const names = pagesFrom(at, Number(second));
    switch (op) {
      case "fork":
        if (this.#processes.has(at)) return only("exists", answer);
        this.#processes.set(at, childOf(memory));
        return only("ok", answer);
      case "exit":
        this.#processes.delete(who);
        return only("ok", answer);
      case "mmap":
        return this.#mmap(memory, pagesFrom(`${at}0`, Number(second)), third, answer);
      case "munmap":
        for (const name of names) memory.delete(name);
        return only("ok", answer);
      case "r":
      case "w":
        return access(memory.get(at), op === "w" ? Number(second) : undefined, answer);
      case "mr":
      case "mw":
        return throughProc(memory.get(at), op === "mw" ? Number(second) : undefined, answer);
      case "mremap":
        return mremap(memory, names, pagesFrom(third, names.length), answer);
      case "pin":
        return this.#pin(memory, names, `pin ${third}`, answer);
      case "dr":
      case "dw":
        return this.#transfer(memory, names, op, answer);
    }
    if (!`${shapeOf(op)}`.startsWith("page,count")) return;
    // What a call does to a page of which nothing is known, and where it stops, is not known.
    const pages = names.map((name) => memory.get(name));
    if (!pages.includes("unsure")) return ranged(op, third, pages as (Page | undefined)[], answer);
    for (const name of names) if (memory.has(name)) loseSight(memory, name);
  }

  /** Maps memory in place of whatever was there, MAP_FIXED. */
  #mmap(memory: Memory, names: string[], kind: string, answer: string): string | undefined {
    for (const [i, name] of names.entries()) {
      const shared = kind.startsWith("s");
      const object = kind.endsWith("file")
        ? this.#file[i] ?? "beyond"
        : shared || kind === "memfd"
        ? { values: [0] }
        : undefined;
      memory.set(name, {
        shared,
        under: object,
        lazy: false,
        protection: "rw",
        locked: false,
        dontfork: false,
        wipeonfork: false,
      });
    }
    return only("ok", answer);
  }

  /** Registers pages for a device to write into: a private page is the process's own from now on. */
  #pin(memory: Memory, names: string[], holder: string, answer: string): string | undefined {
    if (this.#held.has(holder)) return only("EBUSY", answer);
    const pages = names.map((name) => memory.get(name));
    const front = frontOf(pages, "rw");
    if (answer === "ok") {
      if (front.length < pages.length) return "EFAULT: not all of it can be written";
      this.#held.set(holder, front.map((page) => page === "unsure" ? unknown() : ownOf(page)));
      return;
    }
    for (const page of front) if (page !== "unsure") mayOwn(page);
    if (front.length < pages.length || front.includes("unsure")) return only("EFAULT", answer);
    return only(
      pages.some((page) => page !== "unsure" && page?.under) ? "EOPNOTSUPP" : "ok",
      answer,
    );
  }

  /** Starts a transfer with the pages up to the first that cannot take part. */
  #transfer(memory: Memory, names: string[], op: string, answer: string): string | undefined {
    const front = frontOf(names.map((name) => memory.get(name)), op === "dr" ? "rw" : "r");
    if (front.length === 0) return only("EFAULT", answer);
    const doubt = front.indexOf("unsure");
    if (doubt < 0 && answer !== "inflight") return "inflight";
    if (answer !== "inflight") return;
    const sure = (doubt < 0 ? front : front.slice(0, doubt)) as Page[];
    const cells = sure.map((page) => op === "dr" ? ownOf(page) : seenBy(page));
    if (doubt < 0) this.#held.set(op, cells);
    else {
      // How far it goes is not known, nor so what it will have written.
      if (op === "dr") {
        for (const name of names) if (memory.has(name)) loseSight(memory, name);
      }
      this.#held.set(op, undefined);
    }
  }

  #outside(op: string, args: readonly string[], answer: string): string | undefined {
    const [slot = "", index = "", value = ""] = args, holder = `pin ${slot}`;
    switch (op) {
      case "gr":
      case "gw": {
        const cell = this.#held.get(holder)?.[Number(index)];
        if (!cell) return only("EFAULT", answer);
        if (op === "gr") return observe(cell, answer);
        store(cell, Number(value));
        return only("ok", answer);
      }
      case "unpin":
        return only(this.#held.delete(holder) ? "ok" : "ENXIO", answer);
      case "dwend":
      case "drend": {
        const holder = op.slice(0, 2), cells = this.#held.get(holder);
        if (!this.#held.delete(holder)) return only("none", answer);
        if (!cells) return;
        if (op === "drend") {
          for (const cell of cells) store(cell, Number(slot));
          return only("ok", answer);
        }
        const read = answer.split(",");
        if (read.length !== cells.length) return `${cells.length} values`;
        return cells.map((cell, i) => observe(cell, read[i]!)).find((wrong) => wrong);
      }
    }
  }
}

/** Nothing is known of a page, nor, where others see it too, of what they see. */
function loseSight(memory: Memory, name: string): void {
  const page = memory.get(name);
  if (page && page !== "unsure") lose(page);
  memory.set(name, "unsure");
}

function only(expected: string, answer: string): string | undefined {
  return answer === expected ? undefined : expected;
}

/** What a child of fork gets: the same objects, and copies of what is private. */
function childOf(parent: Memory): Memory {
  const child: Memory = new Map();
  for (const [name, page] of parent) {
    if (page === "unsure") child.set(name, "unsure");
    else if (page.dontfork) continue;
    else if (page.wipeonfork) {
      child.set(name, { ...page, own: undefined, lazy: false, locked: false });
    } else {
      const own = page.own && { values: page.own.values };
      child.set(name, { ...page, own, locked: false });
    }
  }
  return child;
}

/** A load, or a store of `value`, by the process itself. */
function access(
  page: Known | undefined,
  value: number | undefined,
  answer: string,
): string | undefined {
  if (page === "unsure") return;
  if (!page || page.protection === "none") return only("segv", answer);
  if (value !== undefined && page.protection !== "rw") return only("segv", answer);
  if (page.under === "beyond") return only("sigbus", answer);
  if (value === undefined) return read(page, answer);
  write(page, value);
  return answer.startsWith("ok ") ? undefined : "ok";
}

/** The same through /proc/self/mem, which may override protections in private mappings. */
function throughProc(
  page: Known | undefined,
  value: number | undefined,
  answer: string,
): string | undefined {
  if (page === "unsure") return;
  if (!page || page.under === "beyond") return only("EIO", answer);
  const allowed = value === undefined ? page.protection !== "none" : page.protection === "rw";
  if (answer === "EIO") return allowed ? "no error" : undefined;
  if (value === undefined) {
    const wrong = read(page, answer);
    mayOwn(page);
    return wrong;
  }
  if (!allowed && page.shared) return "EIO";
  write(page, value);
  return answer.startsWith("ok") ? undefined : "ok";
}

/** Each page goes where it is sent; after an error, nobody knows which have gone. */
function mremap(memory: Memory, from: string[], to: string[], answer: string): string | undefined {
  const overlap = from.some((name) => to.includes(name));
  if (overlap) return only("EINVAL", answer);
  const start = memory.get(from[0]!);
  if (answer !== "ok") {
    for (const name of from) if (memory.has(name)) loseSight(memory, name);
    for (const name of to) loseSight(memory, name);
    return !start ? only("EFAULT", answer) : /^E/.test(answer) ? undefined : "ok or an error";
  }
  if (!start) return "EFAULT";
  for (const [i, name] of from.entries()) {
    const page = memory.get(name);
    if (!page) continue; // what lay at the other end stays
    memory.delete(name);
    memory.set(to[i]!, page);
  }
}

/** The calls that go from mapping to mapping, and stop at a hole or at one that refuses. */
function ranged(
  op: string,
  what: string,
  pages: readonly (Page | undefined)[],
  answer: string,
): string | undefined {
  const skipsHoles = op === "madv";
  let expected = "ok";
  for (const page of pages) {
    if (!page) {
      expected = "ENOMEM";
      if (skipsHoles) continue;
      break;
    }
    if (op === "madv" && refuses(page, what)) {
      expected = "EINVAL";
      break;
    }
    if (op === "mprot") protect(page, what);
    if (op === "madv") advise(page, what, answer === "ok");
    if (op === "munlock") page.locked = false;
    if (op === "mlock") {
      page.locked = true;
      mayOwn(page);
    }
  }
  if (op === "mincore" && expected === "ok") {
    const told = answer.split(",");
    const fits = told.length === pages.length && told.every((one) => /^=[01]$/.test(one));
    return fits ? undefined : "=1 or =0 for each page";
  }
  // These say whether the pages could be brought in or sent away, which is not about what they hold.
  if (op === "mlock" || /^(?:populate|cold|pageout|collapse|huge|nohuge|(?:un)?merge)/.test(what)) {
    return /^ok$|^E[A-Z]+$/.test(answer) ? undefined : "ok or an error";
  }
  return only(expected, answer);
}

/** The pages up to the first that is not there or may not be used so. */
function frontOf(
  pages: readonly (Known | undefined)[],
  protection: "r" | "rw",
): (Known)[] {
  const bad = pages.findIndex((page) =>
    !page ||
    page !== "unsure" && (page.protection === "none" || page.under === "beyond" ||
        protection === "rw" && page.protection !== "rw")
  );
  return pages.slice(0, bad < 0 ? pages.length : bad) as (Known)[];
}
