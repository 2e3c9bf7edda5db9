/**
 * What is right and what is wrong in a state, in five words that pictures, scenes and the table of hazards share. All are
 * computed; what a state cannot decide has no verdict.
 *
 * - *parted*: a holder was given a page of a process, and the process reaches another frame there now.
 * - *leaked*: somebody sees private memory as it was written after the fork from which on they share it: a child its
 *   parent's, a parent its child's, a pipe what was stored by another process than the one that filled it.
 * - *lost write*: a holder wrote to a frame that the process which gave it the page does not reach there.
 * - *freed and still held*: a holder that kept no reference works on a frame that is free.
 * - *whole*: there are holders, each works on the frame that its process reaches, and nothing ever went wrong.
 *
 * A process that has unmapped a page, dropped it or ended reaches nothing there: then nobody is parted, and nothing is whole.
 *
 * @module
 */

import { frameAt, sees, tasksOf } from "./mishap.ts";
import {
  type Hold,
  type Mishap,
  type MmId,
  PAGE_SIZE,
  type Pfn,
  type Place,
  type State,
  vmaIndex,
  ZERO_PFN,
} from "./state.ts";

/** The words, the worst last. */
export const VERDICTS = [
  "whole",
  "parted",
  "lost write",
  "leaked",
  "freed and still held",
] as const;

/** What each says, in a line. */
export const MEANINGS: Readonly<Record<VerdictWord, string>> = {
  whole: "each holder works on what the process that gave it a page sees there",
  parted: "a holder was given a page, and the process sees another frame there now",
  "lost write": "a holder wrote where the process that gave it the page does not see it",
  leaked:
    "somebody sees private memory as it was written after the fork from which on they share it",
  "freed and still held": "a holder works on a frame that is free",
};

/** What is right or wrong. */
export type VerdictWord = typeof VERDICTS[number];

/** A verdict on a state. */
export interface Verdict {
  /** Which of the five it is. */
  readonly word: VerdictWord;
  /** Of whom: `pid 1 sees pfn 2, its nic works on pfn 1`. */
  readonly about: string;
  /** Whose sight of which frames is wrong: a holder by its name, or an address space. */
  readonly marks: readonly Mark[];
}

/** Somebody's arrow in a picture. */
export interface Mark {
  /** A holder by its name, or an address space. */
  readonly who: string | MmId;
  /** The frame that the arrow leads to. */
  readonly pfn: Pfn;
}

/** `✓` or `✗`. */
export function verdictSign(word: VerdictWord): string {
  return word === "whole" ? "✓" : "✗";
}

/** `✗ parted: pid 1 sees pfn 2, its nic works on pfn 1`. */
export function verdictText({ word, about }: Verdict): string {
  return `${verdictSign(word)} ${word}: ${about}`;
}

/** The verdicts on a state, in the order of their words; none where nothing can be decided. */
export function verdicts(state: State): Verdict[] {
  const given = [...state.holds].flatMap(([holder, holds]) =>
    holds.map((hold) => ({ holder, hold, stands: standing(state, hold) }))
  );
  const wrong = [
    ...together(given.flatMap(({ holder, hold: { pfn, given }, stands }) => {
      if (typeof stands !== "number") return [];
      const who = tasksOf(state, given!.mm), seen = frameText(stands);
      const about = `${who} sees ${seen}, its ${holder} works on ${frameText(pfn)}`;
      const marks = [{ who: holder, pfn }];
      return [{ word: "parted" as const, key: `${who} ${holder}`, about, marks }];
    })),
    ...together(state.mishaps.flatMap((mishap) => told(state, mishap))),
    ...together(given.flatMap(({ holder, hold, stands }) => {
      const about = `${holder} works on pfn ${hold.pfn}`, marks = [{ who: holder, pfn: hold.pfn }];
      return stands === "freed"
        ? [{ word: "freed and still held" as const, key: holder, about, marks }]
        : [];
    })),
  ];
  if (wrong.length > 0) {
    return wrong.sort((a, b) => VERDICTS.indexOf(a.word) - VERDICTS.indexOf(b.word));
  }
  const decided = given.every(({ stands }) => stands === "whole");
  if (given.length === 0 || !decided || state.mishaps.length > 0) return [];
  const pairs = new Map(
    given.map(({ holder, hold }) => [holder, tasksOf(state, hold.given!.mm)] as const),
  );
  const [[holder, who] = []] = pairs;
  const about = pairs.size === 1
    ? `${holder} works on what ${who} sees`
    : `${pairs.size === 2 ? "both" : `all ${pairs.size}`} holders work on what their processes see`;
  return [{ word: "whole", about, marks: [] }];
}

/** How a holder stands to the process that gave it a page: that one's other frame, if it has another. */
function standing(state: State, { pfn, given }: Hold): "whole" | "freed" | "undecided" | Pfn {
  if (!state.frames.has(pfn)) return "freed";
  const seen = given && (frameAt(state, given) ?? objectPage(state, given));
  if (seen === undefined) return "undecided";
  return seen === pfn ? "whole" : seen;
}

/** The frame that the next access of a page of shared memory, or of a file, will reach. */
function objectPage({ mms, objects }: State, { mm, vpn }: Place): Pfn | undefined {
  const vmas = mms.get(mm)?.vmas ?? [], addr = vpn * PAGE_SIZE;
  const vma = vmas[vmaIndex(vmas, addr)];
  if (!vma || vma.start > addr) return undefined;
  const index = vma.pgoff + (addr - vma.start) / PAGE_SIZE;
  return objects.get(vma.object)?.pages.get(index);
}

/** One thing that is wrong; those of one key are told together. */
interface Wrong extends Verdict {
  readonly key: string;
}

/** A mishap of which somebody still sees, or misses, what came of it. */
function told(state: State, mishap: Mishap): Wrong[] {
  const { what, pfn } = mishap;
  if (mishap.what === "lost write") {
    const seen = frameAt(state, mishap.given);
    if (seen === undefined || seen === pfn) return [];
    const about = `${tasksOf(state, mishap.given.mm)} does not see what ${mishap.by} wrote`;
    const marks = [{ who: mishap.by, pfn }];
    return [{ word: what, key: about, about: `${about} to pfn ${pfn}`, marks }];
  }
  const { of, by, to } = mishap, frame = state.frames.get(pfn), mm = state.mms.get(to as number);
  const still = typeof to === "string"
    ? state.holds.get(to)?.some((hold) => hold.pfn === pfn)
    : frame && mm && sees(mm, pfn, frame.swap);
  if (!still) return [];
  const who = typeof to === "string" ? `${to} shows` : `${tasksOf(state, to)} sees`;
  const about = `${who} what ${by ? `${by} wrote for ${of}` : `${of} stored after the fork`}`;
  return [{ word: what, key: about, about, marks: [{ who: to, pfn }] }];
}

/** `…, and 2 pages more`. */
function together(wrong: readonly Wrong[]): Verdict[] {
  const byKey = new Map<string, Wrong[]>();
  for (const one of wrong) byKey.set(one.key, [...byKey.get(one.key) ?? [], one]);
  return [...byKey.values()].map((all) => {
    const { word, about } = all[0]!,
      more = all.length - 1,
      marks = all.flatMap(({ marks }) => marks);
    const rest = more === 1 ? ", and 1 page more" : `, and ${more} pages more`;
    return { word, about: about + (more > 0 ? rest : ""), marks };
  });
}

function frameText(pfn: Pfn): string {
  return pfn === ZERO_PFN ? "the zero page" : `pfn ${pfn}`;
}
