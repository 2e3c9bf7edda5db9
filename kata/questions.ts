// Questions that a suite asks about frames and address spaces by themselves, in an order that a seed throws: what is known
// of a frame and not asked about is any value, and who counts the questions knows nothing. As expect.ts, for every host.

import { type Contents, type Frame, type Mm, PAGE_SIZE, type Pte, type SwapPte } from "sim";
import type { Vma } from "sim";
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

type Next = (below: number) => number;

/** A number from 1 on, of any length: a third of them needs more than twenty bits. */
const anyNumber = (next: Next) => 1 + next(2 ** (1 + next(30))) * (next(2) ? 1 : 2 ** next(16));

/**
 * What pages hold, so that who looks at it is found out: every first byte, every length up to 255, and a whole page.
 */
export const CONTENTS: readonly Contents[] = [
  ...Array.from(
    { length: 256 },
    (_, first) => Array.from({ length: 37 * first % 256 }, (_, i) => (first + 11 * i) % 256),
  ),
  [0],
  Array.from({ length: PAGE_SIZE }, (_, i) => i % 251),
];

/** All that is known of a frame but its counts, thrown. */
export function anyLook(next: Next): Omit<Frame, "refcount" | "mapcount"> {
  const some = (among: number) => next(among) === 0;
  return {
    pfn: some(2) ? 1 + next(16) : anyNumber(next),
    kind: KINDS[next(KINDS.length)]!,
    anonExclusive: some(2),
    swap: some(2) ? 0 : some(2) ? 1 + next(16) : anyNumber(next),
    lazyfree: some(2),
    dirty: some(2),
    bytes: [...new TextEncoder().encode(TEXTS[next(TEXTS.length)])],
  };
}

/** An address space of any size in any state, thrown. It maps `pfn` somewhere, unless it maps nothing at all. */
export function anySpace(next: Next, pfn: number): Mm {
  const some = (among: number) => next(among) === 0;
  const first = 1 + anyNumber(next) % 2 ** 34,
    pages = some(20) ? 200 + next(400) : next(some(3) ? 2 : 60);
  const entries = <Entry>(at: number, count: number, entry: (i: number) => Entry) =>
    new Map(Array.from({ length: count }, (_, i) => [first + at + i, entry(i)] as const));
  const pte = (i: number): Pte => ({ pfn: pfn + i, writable: some(2), dirty: some(2) });
  const swapped = (): SwapPte => ({ slot: anyNumber(next), exclusive: some(2) });
  const vmas: Vma[] = [], longest = [1, 3, 300][next(3)]!;
  for (let page = 0; page < pages;) {
    const from = first + page, to = Math.min(from + 1 + next(longest), first + pages);
    const anonVma = some(3) ? 0 : anyNumber(next), flags = next(2 ** 30), cloned = some(2);
    const start = from * PAGE_SIZE, end = to * PAGE_SIZE;
    vmas.push({ start, end, flags, anonVma, object: 0, pgoff: from, cloned });
    page = to - first;
  }
  return Object.freeze({
    id: anyNumber(next),
    vmas,
    ptes: entries(0, pages, pte),
    swapPtes: entries(1000, some(2) ? 0 : next(20), swapped),
    cleared: entries(2000, some(2) ? 0 : next(20), pte),
    brk: anyNumber(next),
    hasPinned: some(2),
    writeProtectSeq: anyNumber(next),
    pinnedVm: some(2) ? 0 : anyNumber(next),
  });
}

/** A frame in words: its counts, and what else is known of it. */
export function frameText(page: Frame): string {
  const { pfn, kind, refcount, mapcount, anonExclusive, swap, lazyfree, dirty, bytes } = page;
  const marks = [
    ...[anonExclusive && "exclusive", dirty && "dirty", lazyfree && "given up by MADV_FREE"],
    ...[kind !== "anon" && `of kind ${kind}`],
    bytes.length ? `${bytes.length} bytes from 0x${bytes[0]!.toString(16)} on` : "empty",
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
