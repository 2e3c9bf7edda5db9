/**
 * What the marks of drawings mean: a sample of each, and a sentence.
 *
 * @module
 */

import { box, coloured, cross, curve, dotted, head, line, square, svg } from "./svg.ts";

/** A mark, drawn, and what it means. */
export interface Sample {
  /** A small drawing. */
  readonly svg: string;
  /** `an entry of a page table; …` */
  readonly says: string;
}

const WIDE = 72, HIGH = 30, MIDDLE = HIGH / 2, LETTERS = MIDDLE + 5;

/** The marks, owners first. */
export function legend(): Sample[] {
  return [
    sample("a process, and what it may do there; each has its colour", [
      coloured("p1", [box(2, 2, 68, 26), line(8, LETTERS, [{ text: "1 rw-" }])]),
    ]),
    sample("a device, a pipe, a reader: it holds frames, and no page table knows", [
      coloured("device", [
        box(2, 2, 68, 26, { round: 13, dash: "5 4" }),
        line(12, LETTERS, [{ text: "nic" }]),
      ]),
    ]),
    sample("an entry of a page table: a full head may write, an open one may read", [
      coloured("p1", [
        curve([2, 9], [60, 9], { width: 2 }),
        head(69, 9, true),
        curve([2, 22], [66, 22], {}),
        head(69, 22, false),
      ]),
    ]),
    sample("a reference that is no entry", [
      coloured("device", [
        curve([2, MIDDLE], [60, MIDDLE], { width: 2, dash: "5 4" }),
        head(69, MIDDLE, true),
      ]),
    ]),
    sample("where an entry led before", [
      coloured("p1", [curve([2, 8], [70, 22], { width: 2, dash: "2 3.5", faint: true })]),
    ]),
    sample("new in this picture; gone with it", [
      box(2, 3, 30, 24, { width: 3 }),
      box(40, 3, 30, 24, { dash: "2 3" }),
    ]),
    sample("the permission to write, lost", [
      coloured("p1", [
        line(20, LETTERS, [{ text: "r" }, { text: "w", struck: true }, { text: "-" }]),
      ]),
    ]),
    sample("refcount (ref) or mapcount (map), before and now", [
      line(20, LETTERS, [{ text: "3→2", bold: true }]),
    ]),
    sample("the verdict below is about this arrow", [
      coloured("device", [curve([2, MIDDLE], [70, MIDDLE], { width: 2, dash: "5 4" })]),
      cross(WIDE / 2, MIDDLE),
    ]),
    sample("pages of a mapping: in memory, swapped out, only promised", [
      coloured("p1", [
        square(10, 10, "frame"),
        square(30, 10, "swap"),
        square(50, 10, "nothing"),
      ]),
    ]),
    sample("addresses between, which nobody maps", [coloured("p1", [dotted(WIDE / 2, 8, 16)])]),
  ];
}

function sample(says: string, parts: readonly string[]): Sample {
  return { svg: svg(parts, HIGH, says, WIDE), says };
}
