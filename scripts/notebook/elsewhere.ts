// How a cell comes out on other kernels, in words: a line in the terminal, a strip in the page.

import { eras } from "../../sim/mod.ts";
import type { Beside, Side } from "./beside.ts";
import type { Elsewhere } from "./kernels.ts";

/** A kernel, and how a cell comes out there. */
export interface There {
  kernel: string;
  /** Undefined where it is the same. */
  beside: Beside | undefined;
}

/** How a cell comes out on each of these kernels, without those on which the chapter hangs. */
export function there(
  { on }: Elsewhere,
  cell: number,
  kernels: readonly string[] = eras.map(({ name }) => name),
): There[] {
  return kernels.flatMap((kernel) => {
    const cells = on.get(kernel);
    return cells ? [{ kernel, beside: cells.get(cell) }] : [];
  });
}

/** How a cell comes out, in a word or two: `leaked`; `differs: not parted`, as the chapter is. */
export function wordOf(beside: Beside | undefined): string {
  if (!beside) return "the same";
  const { mark, wrong = [], spared = [] } = beside;
  switch (mark) {
    case "lines":
      return "other counts or marks";
    case "unreached":
      return "not reached";
    case "lost":
      return wrong.join(", ");
    default:
      return spared.length > 0 ? `${mark}: not ${spared.join(", ")}` : mark;
  }
}

/** `differs on refcount_old, page_count to large_folio`; empty where everybody reaches the same everywhere. */
export function inShort(all: readonly There[]): string {
  const words = new Set(
    all.filter(({ beside }) => tells(beside)).map(({ beside }) => wordOf(beside)),
  );
  return [...words].map((word) => {
    const names = ranges(all, (one) => tells(one.beside) && wordOf(one.beside) === word);
    return `${word} on ${names.join(", ")}`;
  }).join("; ");
}

/** Whether somebody can see that a cell comes out otherwise. */
function tells(beside: Beside | undefined): boolean {
  return beside !== undefined && beside.mark !== "lines";
}

/** The names of some kernels in a row: of three and more that follow each other the first and the last. */
export function ranges(all: readonly There[], wanted: (one: There) => boolean): string[] {
  const runs: string[][] = [];
  for (const [at, one] of all.entries()) {
    if (!wanted(one)) continue;
    if (at > 0 && wanted(all[at - 1]!)) runs.at(-1)!.push(one.kernel);
    else runs.push([one.kernel]);
  }
  return runs.flatMap((run) => run.length > 2 ? [`${run[0]} to ${run.at(-1)}`] : run);
}

/** Some lines of what two kernels print: about the first in which they differ, which is number `at` of them. */
export interface Printed {
  own: string[];
  other: string[];
  at: number;
  /** Whether there are lines above, and below. */
  above: boolean;
  below: boolean;
}

/** The lines to show of what a cell prints on two kernels: some before the first that differs, and some behind it. */
export function aboutDifference({ own, other }: { own: string; other: string }): Printed {
  const [ours, theirs] = [own.split("\n"), other.split("\n")];
  const first = ours.findIndex((line, n) => line !== theirs[n]);
  const at = first < 0 ? Math.min(ours.length, theirs.length) : first;
  const from = Math.max(0, at - BEFORE), to = at + BEHIND;
  return {
    own: ours.slice(from, to),
    other: theirs.slice(from, to),
    at: at - from,
    above: from > 0,
    below: Math.max(ours.length, theirs.length) > to,
  };
}

const BEFORE = 4, BEHIND = 6;

/** What a reader of a terminal is told at a cell that comes out otherwise: notes, and what stands behind a bar. */
export interface Aside {
  kind: "note" | "text" | "view";
  text: string;
}

/**
 * How a cell on another kernel parts from the chapter's: below what it prints there.
 *
 * @param own the chapter's kernel
 * @param other the kernel that was asked for
 */
export function asides({ beside, own, other }: {
  beside: Beside;
  own: string;
  other: string;
}): Aside[] {
  const { mark, parting, printed } = beside;
  const note = (text: string): Aside => ({ kind: "note", text });
  if (mark === "unreached") return [];
  const lines = mark === "lines"
    ? [note(`everybody reaches the same memory as under ${own}, in other counts or marks`)]
    : [];
  if (parting) {
    const earlier = parting.cell === undefined ? "" : `, in cell ${parting.cell + 1}`;
    lines.push(
      note(`${wordOf(beside)}, from ${parting.own.operation}${earlier}`),
    );
    const pair = (sides: { own: Side; other: Side }) => {
      for (const [kernel, side] of [[own, sides.own], [other, sides.other]] as const) {
        const said = side.operation === sides.own.operation ? [] : [side.operation];
        lines.push(note(`${kernel}:`));
        lines.push({ kind: "view", text: [...said, ...side.reasons, side.text].join("\n") });
      }
    };
    pair(parting);
    if (parting.harm) {
      lines.push(note(`later, after ${parting.harm.other.operation}`));
      pair(parting.harm);
    }
  }
  if (!printed) return lines;
  const shown = aboutDifference(printed);
  const text = [...shown.above ? ["…"] : [], ...shown.own, ...shown.below ? ["…"] : []].join("\n");
  return [...lines, note(`under ${own} the cell prints:`), { kind: "text", text }];
}
