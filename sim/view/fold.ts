/**
 * A picture that fits a page: of many owners, frames and shares some are drawn, and the others counted.
 *
 * @module
 */

import type { Box, Owner, Picture, Share } from "./picture.ts";

/** How many of each are drawn at most, one of which counts the others. */
const OWNERS = 7, BOXES = 6, SHARES = 6;
/** The box, the owner and the share that stand for all others. */
export const REST = "the others";

/** A picture with at most so many parts; those that a verdict is about come first, then what changed, and holders. */
export function folded({ owners, boxes, verdicts }: Picture): Picture {
  const marks = verdicts.flatMap(({ marks }) => marks);
  const rankOf = (marked: boolean, touched: boolean) => marked ? 2 : touched ? 1 : 0;
  const shown = some(
    boxes,
    BOXES,
    (box) => rankOf(marks.some(({ pfn }) => box.name === `pfn ${pfn}`), isTouched(box)),
  );
  const people = some(owners, OWNERS, (owner) =>
    rankOf(
      marks.some(({ who }) => who === owner.id),
      owner.kind === "holder" || owner.change !== undefined || owner.shares.some(isMoved),
    ));
  const rest = boxes.length - shown.length, left = owners.length - people.length;
  const names = new Set(shown.map(({ name }) => name));
  return {
    verdicts,
    owners: [...people.map((owner) => withFewer(owner, names)), ...left > 0 ? [others(left)] : []],
    boxes: [...shown, ...rest > 0 ? [otherBoxes(rest)] : []],
  };
}

/** An owner with few shares; those that are left out are one, which leads to the boxes that are left out. */
function withFewer(owner: Owner, names: ReadonlySet<string>): Owner {
  const there = owner.shares.filter(({ to }) => names.has(to));
  const most = there.length === owner.shares.length ? SHARES : SHARES - 1;
  const shown = some(there, most, (share) => isMoved(share) ? 1 : 0);
  const left = owner.shares.length - shown.length;
  if (left === 0) return owner;
  const key = REST, address = `${left} more`;
  return {
    ...owner,
    shares: [...shown, { key, address, bits: "", writes: false, to: REST }],
  };
}

function others(count: number): Owner {
  return {
    ...{ key: REST, name: `and ${count} more`, kind: "cache", id: REST, colour: "cache" },
    shares: [],
  };
}

function otherBoxes(count: number): Box {
  return { name: REST, pfn: 0, counts: [], marks: [], contents: `and ${count} more` };
}

function isTouched({ change, written, counts }: Box): boolean {
  return change !== undefined || written === true ||
    counts.some(({ before }) => before !== undefined);
}

function isMoved({ change, before }: Share): boolean {
  return change !== undefined || before !== undefined;
}

/** Those of the highest rank, and of equals the first, in the order in which they stand. */
function some<T>(all: readonly T[], most: number, rank: (one: T) => number): T[] {
  if (all.length <= most) return [...all];
  const ranked = all.map((one, at) => ({ one, at, rank: rank(one) }))
    .sort((a, b) => b.rank - a.rank || a.at - b.at).slice(0, most - 1);
  return ranked.sort((a, b) => a.at - b.at).map(({ one }) => one);
}
