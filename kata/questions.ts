// Questions that a suite asks about frames and address spaces by themselves, in an order that a seed throws: what is known
// of a frame and not asked about is any value, and who counts the questions knows nothing. As expect.ts, for every host.

import { type Frame, type Mm, PAGE_SIZE, type Pte, type SwapPte } from "sim";
import { dice, sameRows } from "./expect.ts";

/** Something with one right answer. */
export interface Question {
  /** How a failure says what was asked, a line each. */
  asked(): readonly string[];
  ask(): unknown;
  readonly wanted: unknown;
}

/**
 * Asks everything twice, in an order that the seed throws, and asserts that every answer is right. What is told is the
 * first wrong answer in the order given, so let the plainest questions come first.
 */
export function answers(seed: number, questions: readonly Question[], hint: string): void {
  let first = questions.length, said: unknown;
  for (const i of shuffled([...questions.keys(), ...questions.keys()], seed)) {
    const answer = questions[i]!.ask();
    if (i < first && answer !== questions[i]!.wanted) [first, said] = [i, answer];
  }
  const wrong = questions[first];
  if (wrong) sameRows(wrong.asked(), `${said}`, `${wrong.wanted}`, hint);
}

/** Asks once. */
export function answer({ asked, ask, wanted }: Question, hint: string): void {
  const said = ask();
  if (said !== wanted) sameRows(asked(), `${said}`, `${wanted}`, hint);
}

/** The same things in another order, which a seed throws. */
export function shuffled<Thing>(things: readonly Thing[], seed: number): Thing[] {
  const next = dice(seed), all = [...things];
  for (let left = all.length; left > 1; left--) {
    const at = next(left), last = all[left - 1]!;
    all[left - 1] = all[at]!;
    all[at] = last;
  }
  return all;
}

/** Counts that tell apart who compares them from who looks at some of their bits: small ones, and those around powers. */
export const COUNTS: readonly number[] = [
  ...new Set([
    ...Array.from({ length: 21 }, (_, i) => i),
    ...Array.from({ length: 31 }, (_, i) => [2 ** i - 1, 2 ** i, 2 ** i + 1]).flat(),
    ...Array.from({ length: 8 }, (_, i) => [10 ** (i + 1), 10 ** (i + 1) + 1]).flat(),
  ]),
].sort((a, b) => a - b);

/** What a kind of frame may be where Linux decides: fork and the write fault only ask about these. */
const KINDS = ["anon", "ksm"] as const;
const TEXTS = ["", "\0", "old", "secret", "new secret"];

/** All that is known of a frame but its counts, thrown. */
export function anyLook(next: (below: number) => number): Omit<Frame, "refcount" | "mapcount"> {
  const some = (among: number) => next(among) === 0;
  return {
    pfn: 1 + next(some(2) ? 16 : 2 ** 24),
    kind: KINDS[next(KINDS.length)]!,
    anonExclusive: some(2),
    swap: some(2) ? 0 : 1 + next(some(2) ? 16 : 2 ** 24),
    lazyfree: some(2),
    dirty: some(2),
    bytes: [...new TextEncoder().encode(TEXTS[next(TEXTS.length)])],
  };
}

/** An address space of any size in any state, thrown. It maps `pfn` somewhere, unless it maps nothing at all. */
export function anySpace(next: (below: number) => number, pfn: number): Mm {
  const some = (among: number) => next(among) === 0;
  const number = () => next([2, 16, 2 ** 12, 2 ** 30][next(4)]!);
  const first = 1 + number(), pages = next(some(3) ? 2 : 60);
  const entries = <Entry>(at: number, count: number, entry: (i: number) => Entry) =>
    new Map(Array.from({ length: count }, (_, i) => [first + at + i, entry(i)] as const));
  const pte = (i: number): Pte => ({ pfn: pfn + i, writable: some(2), dirty: some(2) });
  const swapped = (): SwapPte => ({ slot: 1 + number(), exclusive: some(2) });
  const vma = (i: number) => {
    const start = (first + i) * PAGE_SIZE, anonVma = some(3) ? 0 : 1 + number();
    const flags = next(2 ** 27), object = 0, pgoff = first + i, cloned = some(2);
    return { start, end: start + PAGE_SIZE, flags, anonVma, object, pgoff, cloned };
  };
  return Object.freeze({
    id: 1 + number(),
    vmas: Array.from({ length: pages }, (_, i) => vma(i)),
    ptes: entries(0, pages, pte),
    swapPtes: entries(100, some(2) ? 0 : next(20), swapped),
    cleared: entries(200, some(2) ? 0 : next(20), pte),
    brk: number(),
    hasPinned: some(2),
    writeProtectSeq: number(),
    pinnedVm: number(),
  });
}

/** A frame in words: its counts, and what else is known of it. */
export function frameText(page: Frame): string {
  const { pfn, kind, refcount, mapcount, anonExclusive, swap, lazyfree, dirty, bytes } = page;
  const marks = [
    ...[anonExclusive && "exclusive", dirty && "dirty", lazyfree && "given up by MADV_FREE"],
    ...[kind !== "anon" && `of kind ${kind}`, bytes.length === 0 && "empty"],
  ].filter(Boolean);
  const cached = swap ? `in the swap cache, slot ${swap}` : "swap 0";
  return `pfn ${pfn}: ${
    [`refcount ${refcount}`, `mapcount ${mapcount}`, cached, ...marks].join(", ")
  }`;
}

/** What of an address space may be asked for, in words. */
export function spaceText({ id, vmas, ptes, swapPtes, cleared, hasPinned }: Mm): string {
  const sizes = [
    `${vmas.length} mappings`,
    `${ptes.size} entries`,
    `${swapPtes.size} swapped out`,
    ...cleared.size ? [`${cleared.size} cleared`] : [],
  ];
  return `mm ${id}: ${sizes.join(", ")}; ${hasPinned ? "something" : "nothing"} was ever pinned`;
}
