/**
 * What a picture is made of: owners in their places, the frames that they share, an arrow for each share, and the verdict.
 * `text.ts` and `drawing.ts` draw it, and `changes.ts` says what is new in it.
 *
 * @module
 */

import type { MmId, Pfn, Pid } from "../state.ts";
import type { Verdict } from "../verdict.ts";

/** A state as a picture shows it. */
export interface Picture {
  /** In the order in which they came, so that each keeps its place; the caches at the end. */
  readonly owners: readonly Owner[];
  /** By number, and behind them the slots of the swap area. */
  readonly boxes: readonly Box[];
  /** What is right or wrong; empty where that cannot be decided. */
  readonly verdicts: readonly Verdict[];
}

/** What became of a part of a picture since the one before. */
export type Change = "new" | "gone";

/** Somebody who keeps frames alive: a process; a device, a pipe or a reader; a cache. */
export interface Owner {
  /** Names it in every picture of a film: the first pid of an address space, or the holder. */
  readonly key: string;
  /** `pid 1`, `pid 2+3` where threads share, `nic`, `page cache`. */
  readonly name: string;
  /** A process, whose shares are page-table entries; a holder, of whose references no page table knows; a cache. */
  readonly kind: "process" | "holder" | "cache";
  /** Who is meant by the marks of a verdict. */
  readonly id: string | MmId;
  /** A class and a colour, the same in every picture. */
  readonly colour: Colour;
  /** By address, or in the order in which they were taken. */
  readonly shares: readonly Share[];
  readonly change?: Change;
}

/** The colours have meanings: processes by their number, what holds without a page table, pipes, caches. */
export type Colour = "p1" | "p2" | "p3" | "p4" | "device" | "pipe" | "cache";

/** One arrow. */
export interface Share {
  /** The same in every picture in which it is the same share. */
  readonly key: string;
  /** `0x7000`; undefined where a picture has one address only, and for who has none. */
  readonly address: string | undefined;
  /** `rw-`, `swapped`, `(pin)`. */
  readonly bits: string;
  /** Whose page the holder was given, `pid 1`. */
  readonly of?: string;
  readonly writes: boolean;
  /** The box it leads to, by name. */
  readonly to: string;
  /** The bits, and the box, of the picture before, where they were others. */
  readonly before?: { readonly bits: string; readonly to: string };
  readonly change?: Change;
}

/** One frame, or one slot of the swap area. */
export interface Box {
  /** `pfn 3`, `slot 1`. */
  readonly name: string;
  /** 0 for a slot. */
  readonly pfn: Pfn;
  /** `refcount`, `mapcount`; `entries` of a slot; none of what is not counted. */
  readonly counts: readonly Count[];
  /** `exclusive`, `KSM`, `lazyfree`; `zero page`, `device page`, `freed`. */
  readonly marks: readonly string[];
  readonly contents: string;
  /** Was it written since the picture before? */
  readonly written?: boolean;
  readonly change?: Change;
}

/** A count, and what it was in the picture before if that was another. */
export interface Count {
  readonly name: "refcount" | "mapcount" | "entries";
  readonly value: number;
  readonly before?: number;
}

/** `2`, `3→2`. */
export function countText({ value, before }: Count): string {
  return before === undefined ? String(value) : `${before}→${value}`;
}

/** The colour of a process, by the first of its pids. */
export function processColour(pid: Pid): Colour {
  return (["p1", "p2", "p3", "p4"] as const)[(pid - 1) % 4]!;
}
