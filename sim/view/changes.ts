/**
 * What is new in a picture: the one place that compares two.
 *
 * @module
 */

import type { Box, Change, Count, Owner, Picture, Share } from "./picture.ts";

/**
 * A picture with what changed since the one before. Who and what is gone stands in it once more, in its place, and so
 * does a frame that was freed.
 */
export function changed(before: Picture, now: Picture): Picture {
  return {
    owners: merged(before.owners, now.owners, ({ key }) => key, changedOwner, wholly),
    boxes: merged(before.boxes, now.boxes, ({ name }) => name, changedBox, become)
      .sort((a, b) => Number(a.pfn === 0) - Number(b.pfn === 0) || a.pfn - b.pfn),
    verdicts: now.verdicts,
  };
}

/** Parts of both pictures: those there now, new or changed; and in the places where they were, those that are gone. */
function merged<T>(
  before: readonly T[],
  now: readonly T[],
  keyOf: (part: T) => string,
  compare: (before: T, now: T) => T,
  wholly: (part: T, change: Change) => T,
): T[] {
  const old = new Map(before.map((part) => [keyOf(part), part])), here = new Set(now.map(keyOf));
  const all: T[] = now.map((part) => {
    const was = old.get(keyOf(part));
    return was ? compare(was, part) : wholly(part, "new");
  });
  for (const [at, part] of before.entries()) {
    if (here.has(keyOf(part))) continue;
    const previous = before.slice(0, at).findLast((one) => here.has(keyOf(one)));
    const behind = previous ? all.findIndex((one) => keyOf(one) === keyOf(previous)) : -1;
    all.splice(behind + 1, 0, wholly(part, "gone"));
    here.add(keyOf(part));
  }
  return all;
}

function become<T>(part: T, change: Change): T {
  return { ...part, change };
}

/** Who comes or goes does so with every share. */
function wholly(owner: Owner, change: Change): Owner {
  return { ...owner, change, shares: owner.shares.map((share) => ({ ...share, change })) };
}

function changedOwner(before: Owner, now: Owner): Owner {
  const shares = merged(before.shares, now.shares, ({ key }) => key, changedShare, become);
  return { ...now, shares };
}

function changedShare({ bits, to }: Share, now: Share): Share {
  return bits === now.bits && to === now.to ? now : { ...now, before: { bits, to } };
}

function changedBox(before: Box, now: Box): Box {
  const counts = now.counts.map((count): Count => {
    const was = before.counts.find(({ name }) => name === count.name)?.value;
    return was === undefined || was === count.value ? count : { ...count, before: was };
  });
  return { ...now, counts, ...before.contents !== now.contents && { written: true } };
}
