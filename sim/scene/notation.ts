/**
 * The words of a scene's lines: pages, numbers, processes, and the names of protections, advice and memory.
 *
 * @module
 */

import type { Operands } from "../event.ts";
import { type Addr, PAGE_SIZE } from "../state.ts";
import * as uapi from "../uapi.ts";

/** What a word of a line is. */
export type Kind =
  | "page"
  | "region"
  | "count"
  | "process"
  | "value"
  | "ring"
  | "index"
  | "pipe"
  | "reader"
  | "memory"
  | "protection"
  | "advice"
  | "file"
  | "how"
  | "access";

/** What a real kernel, or whoever asks it, may lack. */
export type Ability =
  | "uring"
  | "fuse"
  | "loop"
  | "swap"
  | "ksm"
  | "thp"
  | "softdirty"
  | "memlock"
  | "hugetlb";

/** What a word stands for. */
export interface Meaning {
  /** Operands; undefined where the machine does not have it. */
  readonly operands?: Partial<Operands>;
  /** What it needs of a real kernel. */
  readonly needs?: Ability;
}

const RW = uapi.PROT_READ | uapi.PROT_WRITE;
const ANONYMOUS = uapi.MAP_ANONYMOUS | uapi.MAP_FIXED;

/** The words of each kind that has names, and what they stand for. */
export const WORDS: {
  readonly [K in "memory" | "protection" | "advice" | "file"]: Readonly<Record<string, Meaning>>;
} = {
  memory: {
    priv: { operands: { prot: RW, flags: uapi.MAP_PRIVATE | ANONYMOUS } },
    shared: { operands: { prot: RW, flags: uapi.MAP_SHARED | ANONYMOUS } },
    pfile: { operands: { prot: RW, flags: uapi.MAP_PRIVATE | uapi.MAP_FIXED, file: "file" } },
    sfile: { operands: { prot: RW, flags: uapi.MAP_SHARED | uapi.MAP_FIXED, file: "file" } },
    memfd: { operands: { prot: RW, flags: uapi.MAP_PRIVATE | uapi.MAP_FIXED, file: "memfd" } },
    hugetlb: { needs: "hugetlb" },
  },
  protection: {
    r: { operands: { prot: uapi.PROT_READ } },
    rw: { operands: { prot: RW } },
    none: { operands: { prot: uapi.PROT_NONE } },
  },
  advice: {
    dontneed: { operands: { advice: uapi.MADV_DONTNEED } },
    free: { operands: { advice: uapi.MADV_FREE } },
    dontfork: { operands: { advice: uapi.MADV_DONTFORK } },
    dofork: { operands: { advice: uapi.MADV_DOFORK } },
    wipeonfork: { operands: { advice: uapi.MADV_WIPEONFORK } },
    keeponfork: { operands: { advice: uapi.MADV_KEEPONFORK } },
    mergeable: { operands: { advice: uapi.MADV_MERGEABLE }, needs: "ksm" },
    unmergeable: { operands: { advice: uapi.MADV_UNMERGEABLE }, needs: "ksm" },
    cold: { operands: { advice: uapi.MADV_COLD } },
    pageout: { operands: { advice: uapi.MADV_PAGEOUT }, needs: "swap" },
    populate_read: { operands: { advice: uapi.MADV_POPULATE_READ } },
    populate_write: { operands: { advice: uapi.MADV_POPULATE_WRITE } },
    hugepage: { needs: "thp" },
    nohugepage: {},
    collapse: {},
  },
  /** Who keeps direct I/O in flight: a real kernel cannot do without, the machine can. */
  file: {
    fuse: { operands: { disk: "fuse" }, needs: "fuse" },
    loop: { operands: { disk: "loop" }, needs: "loop" },
  },
};

/** How the words of a kind are written in a table of operations; a second page is the one to go to. */
export const SIGNS: Readonly<Record<Kind, string>> = {
  page: "a0",
  region: "a",
  count: "N",
  process: "P1",
  value: "V",
  ring: "R",
  index: "i",
  pipe: "K",
  reader: "K",
  memory: "KIND",
  protection: "r|rw|none",
  advice: "ADVICE",
  file: "fuse|loop",
  how: "[r] [short] [fast]",
  access: "[r|none]",
};

/** How many pages a region has, and how many of anything a line may name: 256 MiB, as in the probe. */
export const REGION_PAGES = 2 ** 16;

/** How many rings, pipes and readers a scene has. */
const KEYS = 4;

/** A process of a scene. */
export const SLOT = /^P\d$/;

/** What the words of a line stand for, together; a process only by its name, in `slot`. */
export interface Read {
  readonly operands: Partial<Operands>;
  readonly slot: string;
}

/**
 * Reads the words behind an operation.
 *
 * @returns undefined where the machine lacks what a word asks for
 * @throws SyntaxError where one is missing, none of its kind, or too much, and for pages beyond the end of a region
 */
export function readWords(kinds: readonly Kind[], words: readonly string[]): Read | undefined {
  const operands: { -readonly [K in keyof Operands]?: Operands[K] } = {};
  let slot = "";
  if (words.length > kinds.length && kinds.at(-1) !== "how") {
    throw new SyntaxError(`"${words[kinds.length]}" is one word too many`);
  }
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[i]!, word = words[i] ?? "";
    if (kind === "process") slot = slotNamed(word);
    else if (kind === "page" && operands.addr !== undefined) operands.to = address(word);
    else {
      const read = kind === "how"
        ? how(words.slice(i))
        : READERS[kind]?.(word) ?? named(kind, word);
      if (!read) return undefined;
      Object.assign(operands, read);
    }
  }
  for (const addr of [operands.addr, operands.to]) assertInRegion(addr, operands.pages);
  return { operands, slot };
}

function assertInRegion(addr: Addr = 0, pages = 0): void {
  if (Math.floor(addr % REGION / PAGE_SIZE) + pages <= REGION_PAGES) return;
  throw new SyntaxError(
    `${pages} pages from ${pageName(addr)} on reach beyond its region, of ${REGION_PAGES}`,
  );
}

const READERS: { readonly [K in Kind]?: (word: string) => Partial<Operands> | undefined } = {
  page: (word) => ({ addr: address(word) }),
  region: (word) => ({ addr: address(/^[a-z]$/.test(word) ? `${word}0` : word) }),
  count: (word) => ({ pages: number(word, "number of pages", REGION_PAGES) }),
  value: (word) => {
    const value = number(word, "byte", 255);
    return { value, data: [value] };
  },
  ring: (word) => ({ holder: `pin ${number(word, "buffer", KEYS - 1)}` }),
  index: (word) => ({ offset: number(word, "page of a buffer", REGION_PAGES - 1) * PAGE_SIZE }),
  pipe: (word) => ({ holder: `pipe ${number(word, "pipe", KEYS - 1)}` }),
  reader: (word) => ({ holder: `vmread ${number(word, "reader", KEYS - 1)}` }),
  access: (word) => word === "" ? {} : named("protection", word),
};

/** What a number stands for where a word of that kind may stand: what has no word. */
const NUMBERS: { readonly [K in Kind]?: (number: number) => Partial<Operands> } = {
  memory: (flags) => ({ prot: RW, flags: flags | uapi.MAP_FIXED }),
  protection: (prot) => ({ prot }),
  advice: (advice) => ({ advice }),
};

function named(kind: Kind, word: string): Partial<Operands> | undefined {
  if (/^0x[0-9a-f]{1,8}$/.test(word)) {
    const read = NUMBERS[kind]?.(Number(word));
    if (read) return read;
  }
  const words = WORDS[kind as keyof typeof WORDS], all = Object.keys(words);
  if (Object.hasOwn(words, word)) return words[word]!.operands;
  throw new SyntaxError(`"${word}" is no ${kind}: ${all.slice(0, -1).join(", ")} or ${all.at(-1)}`);
}

/** How pages are pinned: for writing and for long, by the slow path, unless the words say something else. */
function how(words: readonly string[]): Partial<Operands> {
  const none = words.find((word) => !["r", "short", "fast"].includes(word));
  if (none !== undefined) throw new SyntaxError(`"${none}" is no way to pin: r, short or fast`);
  const again = words.find((word, i) => words.indexOf(word) < i);
  if (again !== undefined) throw new SyntaxError(`"${again}" is said twice`);
  const write = words.includes("r") ? 0 : uapi.FOLL_WRITE;
  const long = words.includes("short") ? 0 : uapi.FOLL_LONGTERM;
  return { gup_flags: write | long, fast: words.includes("fast") };
}

/** How far apart regions lie, so that none is ever merged with another. */
const REGION = 2 ** 30;

/** `a0`, or `a0+64` for another byte of it. */
export function address(page: string): Addr {
  const [, region, index, offset = "0"] = page.match(/^([a-z])(\d+)(?:\+(\d+))?$/) ?? [];
  if (!region || Number(offset) >= PAGE_SIZE) {
    throw new SyntaxError(`"${page}" is no page, such as a0`);
  }
  if (Number(index) >= REGION_PAGES) {
    throw new SyntaxError(`"${page}" is no page: a region has ${REGION_PAGES}`);
  }
  return (region.charCodeAt(0) - 96) * REGION + Number(index) * PAGE_SIZE + Number(offset);
}

function number(text: string, what: string, most: number): number {
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  throw new SyntaxError(`"${text}" is no ${what}: 0 to ${most}`);
}

function slotNamed(text: string): string {
  if (!SLOT.test(text)) throw new SyntaxError(`"${text}" is no process, such as P1`);
  return text;
}

/** How a scene calls a page, `a0`; an address in hex where it has no name for it. */
export function pageName(addr: Addr): string {
  const region = Math.floor(addr / REGION), index = (addr % REGION) / PAGE_SIZE;
  return region >= 1 && region <= 26
    ? `${String.fromCharCode(96 + region)}${Math.floor(index)}`
    : `0x${addr.toString(16)}`;
}
