/**
 * A state as a picture: who owns which frame, mapped or not.
 *
 * @module
 */

import { tasksOf } from "../mishap.ts";
import {
  type Frame,
  type Hold,
  isCounted,
  type Mm,
  PAGE_SIZE,
  type Pfn,
  type State,
  type Vpn,
} from "../state.ts";
import { GUP_PIN_COUNTING_BIAS } from "../uapi.ts";
import { verdicts } from "../verdict.ts";
import { bytesText } from "./contents.ts";
import { type Box, type Owner, type Picture, processColour, type Share } from "./picture.ts";

/** The picture of a state. */
export function look(state: State): Picture {
  const owners = ownersOf(state);
  const named = new Set(owners.flatMap(({ shares }) => shares.map(({ to }) => to)));
  const held = [...state.holds.values()].flat().map(({ pfn }) => pfn);
  const freed = new Set(held.filter((pfn) => !state.frames.has(pfn)));
  const boxes = [
    ...[...state.frames.values()].map(frameBox),
    ...[...freed].map(freedBox),
  ].sort((a, b) => a.pfn - b.pfn);
  const shown = [...boxes, ...slotBoxes(state)].filter(({ name }) => named.has(name));
  return { owners, boxes: shown, verdicts: verdicts(state) };
}

/** Everybody, in the order in which they came: a holder behind the processes that there were. */
function ownersOf(state: State): Owner[] {
  const placed: (readonly [place: number, owner: Owner])[] = [];
  const addresses = addressesOf(state);
  for (const mm of state.mms.values()) {
    const name = tasksOf(state, mm.id), first = parseInt(name.slice("pid ".length));
    if (Number.isNaN(first)) continue;
    const colour = processColour(first), shares = mappings(mm, addresses);
    const owner = {
      key: `pid ${first}`,
      name,
      kind: "process",
      id: mm.id,
      colour,
      shares,
    } as const;
    placed.push([first, owner]);
  }
  for (const [name, holds] of state.holds) {
    const colour = name.startsWith("pipe") ? "pipe" : "device";
    const shares = heldBy(state, holds, addresses);
    const owner = { key: name, name, kind: "holder", id: name, colour, shares } as const;
    placed.push([(holds[0]?.after ?? 0) + 0.5, owner]);
  }
  placed.sort((a, b) => a[0] - b[0]);
  return [
    ...placed.map(([, owner]) => owner),
    ...cachesOf(state, placed.map(([, owner]) => owner)),
  ];
}

/** Whether a picture must say addresses: only when more than one page is in use. */
function addressesOf({ mms }: State): (vpn: Vpn) => string | undefined {
  const vpns = new Set<Vpn>();
  for (const { ptes, swapPtes } of mms.values()) {
    for (const vpn of ptes.keys()) vpns.add(vpn);
    for (const vpn of swapPtes.keys()) vpns.add(vpn);
  }
  return (vpn) => vpns.size === 1 ? undefined : `0x${(vpn * PAGE_SIZE).toString(16)}`;
}

function mappings({ ptes, swapPtes }: Mm, address: (vpn: Vpn) => string | undefined): Share[] {
  const present = [...ptes].map(([vpn, { pfn, writable }]) => ({
    ...{ vpn, key: String(vpn), address: address(vpn), bits: writable ? "rw-" : "r--" },
    ...{ writes: writable, to: `pfn ${pfn}` },
  }));
  const swapped = [...swapPtes].map(([vpn, { slot, exclusive }]) => ({
    ...{ vpn, key: String(vpn), address: address(vpn), writes: false, to: `slot ${slot}` },
    bits: exclusive ? "swapped, exclusive" : "swapped",
  }));
  return [...present, ...swapped].sort((a, b) => a.vpn - b.vpn).map(({ vpn: _, ...share }) =>
    share
  );
}

function heldBy(
  state: State,
  holds: readonly Hold[],
  address: (vpn: Vpn) => string | undefined,
): Share[] {
  const times = new Map<string, number>();
  return holds.map(({ pfn, refs, given }) => {
    const page = given ? `${given.mm} ${given.vpn}` : `pfn ${pfn}`, time = times.get(page) ?? 0;
    times.set(page, time + 1);
    const of = given && state.mms.has(given.mm) ? tasksOf(state, given.mm) : undefined;
    return {
      ...{ key: `${page} ${time}`, address: given && address(given.vpn) },
      ...{ bits: refs === GUP_PIN_COUNTING_BIAS ? "(pin)" : "", writes: true, to: `pfn ${pfn}` },
      ...of && { of },
    };
  });
}

/** The page cache, as far as somebody uses it, and the swap cache. */
function cachesOf(state: State, others: readonly Owner[]): Owner[] {
  const used = new Set(others.flatMap(({ shares }) => shares.map(({ to }) => to)));
  const cache = (name: string, pfns: readonly Pfn[], writes: boolean): Owner => ({
    ...{ key: name, name, kind: "cache", id: name, colour: "cache" },
    shares: pfns.map((pfn) => ({
      ...{ key: String(pfn), address: undefined, bits: "", writes, to: `pfn ${pfn}` },
    })),
  });
  // A file is in the page cache as a whole; its pages that nobody uses say nothing.
  const pages = [...state.objects.values()].flatMap(({ kind, pages }) =>
    kind === "device"
      ? []
      : [...pages.values()].filter((pfn) => kind === "shmem" || used.has(`pfn ${pfn}`))
  );
  const swapped = [...state.slots.values()].flatMap(({ pfn }) => pfn ? [pfn] : []);
  return [cache("page cache", pages, true), cache("swap cache", swapped, false)]
    .filter(({ shares }) => shares.length > 0);
}

function frameBox(frame: Frame): Box {
  const { pfn, kind, refcount, mapcount } = frame;
  return {
    ...{ name: `pfn ${pfn}`, pfn, contents: bytesText(frame.bytes) },
    counts: isCounted(frame)
      ? [{ name: "refcount", value: refcount }, { name: "mapcount", value: mapcount }]
      : [],
    marks: [
      ...isCounted(frame) ? [] : [`${kind} page`],
      ...frame.anonExclusive ? ["exclusive"] : [],
      ...kind === "ksm" ? ["KSM"] : [],
      ...frame.lazyfree ? ["lazyfree"] : [],
    ],
  };
}

function freedBox(pfn: Pfn): Box {
  return { name: `pfn ${pfn}`, pfn, counts: [], marks: ["freed"], contents: "" };
}

/** The slots of the swap area that an entry refers to. */
function slotBoxes({ slots }: State): Box[] {
  return [...slots.values()].sort((a, b) => a.id - b.id).map(({ id, count, pfn, bytes }) => ({
    ...{ name: `slot ${id}`, pfn: 0, counts: [{ name: "entries", value: count }], marks: [] },
    contents: pfn ? `as pfn ${pfn}` : bytesText(bytes),
  }));
}
