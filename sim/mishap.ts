/**
 * What a store does that nobody wants, found when it happens: afterwards neither the counts nor the contents of a frame
 * say whose bytes they were.
 *
 * Left out: what KSM merges, which is the same for all who share it; memory that is shared on purpose.
 *
 * @module
 */

import type { Event } from "./event.ts";
import type { Hold, Mishap, Mm, MmId, Pfn, Place, SlotId, State } from "./state.ts";

type Store = Extract<Event, { type: "store" }>;

/**
 * What went wrong up to and with a store that has just been applied.
 *
 * - *leaked*: the frame is private memory, and somebody else's than the writer's sees it as well. Whoever shares a frame
 *   from a fork on shares what was there before the fork, so any later store that both see is one too many. A holder
 *   counts as whoever gave it the page.
 * - *lost write*: a holder writes, and the process that gave it the page maps another frame there by now.
 */
export function mishapsOf(state: State, { pfn, by }: Store): readonly Mishap[] {
  if (by === undefined) return state.mishaps;
  const found: Mishap[] = [], hold = typeof by === "string" ? heldBy(state, by, pfn) : undefined;
  const seen = hold?.given ? frameAt(state, hold.given) : pfn;
  if (hold?.given && seen !== undefined && seen !== pfn) {
    found.push({ what: "lost write", pfn, by: by as string, given: hold.given });
  }
  const party = typeof by === "number" ? by : hold?.given?.mm;
  if (party !== undefined && state.frames.get(pfn)!.kind === "anon") {
    const of = tasksOf(state, party), holder = typeof by === "string" ? by : undefined;
    for (const to of strangers(state, pfn, party, seen === pfn)) {
      found.push({ what: "leaked", pfn, of, by: holder, to });
    }
  }
  const fresh = found.filter((one) => !state.mishaps.some((known) => same(known, one)));
  return fresh.length > 0 ? [...state.mishaps, ...fresh] : state.mishaps;
}

/** A copy of a frame shows what the frame showed. */
export function withCopy(mishaps: readonly Mishap[], from: Pfn, pfn: Pfn): readonly Mishap[] {
  const copied = mishaps.filter((one) => one.what === "leaked" && one.pfn === from);
  return copied.length > 0 ? [...mishaps, ...copied.map((one) => ({ ...one, pfn }))] : mishaps;
}

/** The frame that a process reaches at a page, if one is there: mapped, or swapped out and still cached. */
export function frameAt({ mms, slots }: State, { mm, vpn }: Place): Pfn | undefined {
  const space = mms.get(mm);
  const pte = space?.ptes.get(vpn) ?? space?.cleared.get(vpn);
  if (pte) return pte.pfn;
  const swapped = space?.swapPtes.get(vpn);
  return swapped && slots.get(swapped.slot)!.pfn || undefined;
}

/** `pid 1`, `pid 2+3`: the tasks of an address space. */
export function tasksOf({ tasks }: State, mm: MmId): string {
  const pids = [...tasks.values()].filter((task) => task.mm === mm).map(({ pid }) => pid);
  return `pid ${pids.join("+")}`;
}

function heldBy({ holds }: State, holder: string, pfn: Pfn): Hold | undefined {
  return holds.get(holder)?.find((hold) => hold.pfn === pfn);
}

/**
 * Who else sees a frame: address spaces that map it, or have it swapped out, and holders that others gave it to.
 *
 * @param own whether the writer's own process maps it, which may then be the one mapping that is counted
 */
function strangers(
  { frames, mms, holds }: State,
  pfn: Pfn,
  party: MmId,
  own: boolean,
): (MmId | string)[] {
  const { refcount, mapcount, swap } = frames.get(pfn)!, found: (MmId | string)[] = [];
  if (refcount === 1 && own) return [];
  if (!own || mapcount > 1 || swap !== 0) {
    for (const mm of mms.values()) if (mm.id !== party && sees(mm, pfn, swap)) found.push(mm.id);
  }
  for (const [holder, held] of holds) {
    const others = held.some((hold) => hold.pfn === pfn && hold.given && hold.given.mm !== party);
    if (others) found.push(holder);
  }
  return found;
}

/** Does an address space map a frame, or have it swapped out into a slot? */
export function sees({ ptes, swapPtes }: Mm, pfn: Pfn, swap: SlotId): boolean {
  for (const pte of ptes.values()) if (pte.pfn === pfn) return true;
  if (swap) { for (const { slot } of swapPtes.values()) if (slot === swap) return true; }
  return false;
}

function same(one: Mishap, other: Mishap): boolean {
  if (one.pfn !== other.pfn || one.by !== other.by) return false;
  if (one.what === "lost write" || other.what === "lost write") return one.what === other.what;
  return one.to === other.to && one.of === other.of;
}
