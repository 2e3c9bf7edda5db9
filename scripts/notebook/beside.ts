// A cell on two kernels: whether the same happened, and where it did not, the operation at which the two part.

import { type Era, frames, type Lab, VERDICTS, type VerdictWord } from "../../sim/mod.ts";
import { mimeOf } from "./format.ts";
import { type CellResult, outputText } from "./harness.ts";
import type { Step } from "./sights.ts";

/**
 * How a cell comes out on another kernel: the same; with other lines, while everybody reaches the same memory (frames are
 * counted, marked or numbered otherwise); otherwise; otherwise, and data is lost or leaked that is not in the chapter; it
 * fails there; a cell before it has failed.
 */
export type Mark = "same" | "lines" | "differs" | "lost" | "fails" | "unreached";

/** A cell on another kernel, beside the chapter's own. */
export interface Beside {
  mark: Exclude<Mark, "same">;
  /** What goes wrong there and not in the chapter, and what goes wrong in the chapter and not there. */
  wrong?: VerdictWord[];
  spared?: VerdictWord[];
  parting?: Parting;
  /** What it prints on the two, where that is not the same. */
  printed?: { own: string; other: string };
  /** Why it fails there. */
  error?: string;
}

/** The first operation of a machine that goes otherwise. */
export interface Parting {
  /** The operations before it, from the beginning of the machine; they went alike. */
  before: string[];
  /** The cell in which that operation is, from 0, where it is an earlier one. */
  cell?: number;
  own: Side;
  other: Side;
  /** The later operation after which something is wrong that is not in the chapter. */
  harm?: { own: Side; other: Side };
}

/** How the operation at which two kernels part goes on one of them. */
export interface Side {
  operation: string;
  reasons: string[];
  /** The frames afterwards. */
  text: string;
  svg: string;
}

/** What a cell came to on one kernel. */
export interface Seen {
  /** What it printed; undefined where a cell before it has failed. */
  result: CellResult | undefined;
  /** Those that the cells have made so far, in order. */
  machines: Machine[];
}

/** A machine that went by the chapter's kernel, as it was when a cell had ended. */
export interface Machine {
  lab: Lab;
  steps: Step[];
  /** How many steps there were when each cell had ended, by the number of the cell. */
  ends: ReadonlyMap<number, number>;
  /** How many of the steps are of cells before this. */
  from: number;
}

/**
 * A kernel's rules under names that nothing else prints: what two kernels come to then differs only where something
 * happens otherwise, and {@linkcode named} gives the names back to what a reader sees.
 */
export function nameless(era: Era): Era {
  return { ...era, name: NAME, releases: RELEASES, commit: COMMIT };
}

/** From the part of Unicode in which no character has a meaning. */
const [NAME, RELEASES, COMMIT] = ["\ue100", "\ue101", "\ue102"];

/** Whether a machine goes by the rules of the kernel that the chapter runs under. */
export const isNameless = ({ era }: Lab): boolean => era.name === NAME;

/** What was printed by {@linkcode nameless} rules, with the names of an era. */
export function named(text: string, { name, releases, commit }: Era): string {
  return text.replaceAll(NAME, name).replaceAll(RELEASES, releases).replaceAll(COMMIT, commit);
}

/** Compares what a cell came to. @returns undefined where it is the same */
export function compare(
  cell: number,
  own: Seen,
  other: Seen,
  eras: { own: Era; other: Era },
): Beside | undefined {
  if (!own.result) return undefined;
  if (!other.result) return { mark: "unreached" };
  const printed = itemsOf(own.result) !== itemsOf(other.result);
  const lines = printed
    ? {
      printed: {
        own: named(outputText(own.result), eras.own),
        other: named(outputText(other.result), eras.other),
      },
    }
    : {};
  const parting = partingOf(cell, own.machines, other.machines, eras, printed);
  const parted = parting ? { parting } : {};
  const { error } = other.result;
  if (error) {
    const said = named(`${error.name}: ${error.message}`, eras.other);
    return { mark: "fails", ...parted, ...lines, error: said };
  }
  const says = own.result.items.length > 0 && !printed;
  const elsewhere = parting?.cell !== undefined &&
    ![...own.machines, ...other.machines].some(comesToHarm);
  // It says the same of machines that parted in an earlier cell.
  if (parting && says && elsewhere) return undefined;
  if (parting) {
    const pairs = own.machines.map((one, at) =>
      [wrongIn(one), wrongIn(other.machines[at])] as const
    );
    const wrong = unionOf(pairs.map(([ours, theirs]) => theirs.difference(ours)));
    const spared = unionOf(pairs.map(([ours, theirs]) => ours.difference(theirs)));
    const mark = wrong.length > 0 ? "lost" : "differs";
    return { mark, ...parted, ...lines, wrong, spared };
  }
  // Lines that differ where no machine is at work are all that the cell is about.
  if (printed) return { mark: own.machines.length > 0 ? "lines" : "differs", ...lines };
  return undefined;
}

/** What goes wrong with a machine in a cell that has it do anything. */
function wrongIn(machine: Machine | undefined): Set<VerdictWord> {
  const steps = machine?.steps.slice(machine.from) ?? [];
  return new Set(steps.flatMap(({ wrong }) => wrong));
}

/** Whether something is wrong with a machine that was not before the cell. */
function comesToHarm(machine: Machine): boolean {
  const before = machine.steps[machine.from - 1]?.wrong ?? [];
  return [...wrongIn(machine)].some((word) => !before.includes(word));
}

function unionOf(sets: readonly Set<VerdictWord>[]): VerdictWord[] {
  const words = new Set(sets.flatMap((set) => [...set]));
  return VERDICTS.filter((word) => words.has(word));
}

/** All that a cell printed and showed. */
function itemsOf({ items }: CellResult): string {
  return JSON.stringify(
    items.map((item) => [item.text, item.kind === "view" && item.steps?.map(({ text }) => text)]),
  );
}

/**
 * Where a machine parts that goes otherwise in the cell itself: the first that comes to harm, or else the first. A cell at
 * which none is at work speaks of those that it was left, if it says another thing of them.
 */
function partingOf(
  cell: number,
  own: readonly Machine[],
  other: readonly Machine[],
  eras: { own: Era; other: Era },
  printed: boolean,
): Parting | undefined {
  const works = own.some(isAtWork);
  const parted = own.flatMap((one, at) => {
    const two = other[at];
    if (!two || (works ? !isAtWork(one) : !printed)) return [];
    const first = firstDifference(one, two);
    return first === undefined ? [] : [{ one, two, first, harmed: firstHarm(one, two) }];
  });
  const found = parted.find(({ harmed }) => harmed !== undefined) ?? parted[0];
  if (!found) return undefined;
  const { one, two, first, harmed } = found;
  const where = [...one.ends].find(([, end]) => first < end)?.[0] ?? cell;
  const sides = (nth: number) => ({
    own: sideOf(one, nth, eras.own),
    other: sideOf(two, nth, eras.other),
  });
  return {
    before: one.steps.slice(0, first).map(({ operation }) => operation),
    ...where < cell && { cell: where },
    ...sides(first),
    ...harmed !== undefined && harmed > first && { harm: sides(harmed) },
  };
}

/** The first step at which two machines are not alike, if the cell itself, or what it was left, is not. */
function firstDifference(one: Machine, two: Machine): number | undefined {
  const differs = (nth: number) => !isAlike(one.steps[nth], two.steps[nth]);
  const last = Math.max(one.steps.length, two.steps.length) - 1;
  // From what the cell was left: a read may let go of what it reads, and leave no trace of it.
  const inCell = range(Math.max(0, one.from - 1), last).some(differs);
  return inCell ? range(0, last).find(differs) : undefined;
}

/** The first step of the cell after which something is wrong with the second machine and not with the first. */
function firstHarm(one: Machine, two: Machine): number | undefined {
  const known = wrongIn(one);
  const at = two.steps.slice(two.from).findIndex(({ wrong }) =>
    wrong.some((word) => !known.has(word))
  );
  return at < 0 ? undefined : two.from + at;
}

/** Whether the cell had the machine do anything. */
export function isAtWork({ from, steps }: Machine): boolean {
  return from < steps.length;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function isAlike(one: Step | undefined, two: Step | undefined): boolean {
  return one?.operation === two?.operation && one?.sights === two?.sights;
}

function sideOf({ lab, steps }: Machine, nth: number, era: Era): Side {
  const step = steps[nth], { operation = "nothing more", reasons = [], end = 0 } = step ?? {};
  const view = mimeOf(frames(lab.at(step ? end : lab.trace.length)))!;
  return {
    operation,
    reasons: reasons.map((reason) => named(reason, era)),
    text: view["text/plain"],
    svg: view["image/svg+xml"] ?? "",
  };
}
