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
export type Ability = "uring" | "fuse" | "loop" | "swap" | "ksm" | "thp" | "softdirty" | "hugetlb";

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
 * @throws SyntaxError where one is missing, or none of its kind
 */
export function readWords(kinds: readonly Kind[], words: readonly string[]): Read | undefined {
  const operands: { -readonly [K in keyof Operands]?: Operands[K] } = {};
  let slot = "";
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
  return { operands, slot };
}

const READERS: { readonly [K in Kind]?: (word: string) => Partial<Operands> | undefined } = {
  page: (word) => ({ addr: address(word) }),
  region: (word) => ({ addr: address(/^[a-z]$/.test(word) ? `${word}0` : word) }),
  count: (word) => ({ pages: number(word) }),
  value: (word) => ({ value: number(word), data: [number(word)] }),
  ring: (word) => ({ holder: `pin ${number(word)}` }),
  index: (word) => ({ offset: number(word) * PAGE_SIZE }),
  pipe: (word) => ({ holder: `pipe ${number(word)}` }),
  reader: (word) => ({ holder: `vmread ${number(word)}` }),
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
  const write = words.includes("r") ? 0 : uapi.FOLL_WRITE;
  const long = words.includes("short") ? 0 : uapi.FOLL_LONGTERM;
  return { gup_flags: write | long, fast: words.includes("fast") };
}

/** `a0`, or `a0+64` for another byte of it. Regions lie a GiB apart, so that none is ever merged with another. */
export function address(page: string): Addr {
  const [, region, index, offset = "0"] = page.match(/^([a-z])(\d+)(?:\+(\d+))?$/) ?? [];
  if (!region || Number(offset) >= PAGE_SIZE) {
    throw new SyntaxError(`"${page}" is no page, such as a0`);
  }
  return (region.charCodeAt(0) - 96) * 2 ** 30 + Number(index) * PAGE_SIZE + Number(offset);
}

function number(text: string): number {
  if (!/^\d+$/.test(text)) throw new SyntaxError(`"${text}" is no number`);
  return Number(text);
}

function slotNamed(text: string): string {
  if (!SLOT.test(text)) throw new SyntaxError(`"${text}" is no process, such as P1`);
  return text;
}

/** How a scene calls a page, `a0`; an address in hex where it has no name for it. */
export function pageName(addr: Addr): string {
  const region = Math.floor(addr / 2 ** 30), index = (addr % 2 ** 30) / PAGE_SIZE;
  return region >= 1 && region <= 26
    ? `${String.fromCharCode(96 + region)}${Math.floor(index)}`
    : `0x${addr.toString(16)}`;
}
