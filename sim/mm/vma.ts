/**
 * Cutting and joining mappings. Models mm/vma.c, which was part of mm/mmap.c for most of its life.
 * Left out: policies, userfaultfd and names, which must agree as well before two mappings merge. How
 * mappings merge was seen on 6.18; what older kernels did otherwise was not looked at.
 *
 * @module
 */

import { vpnOf } from "../address.ts";
import type { Machine } from "../machine.ts";
import { type Addr, type Mm, type Vma, vmaIndex } from "../state.ts";

/**
 * Visits what is mapped in `start-end`, the part of each mapping that lies inside; the visitor may cut and join.
 *
 * @returns the first address of a hole in the range, if there is one; what is mapped behind it is visited, too
 */
export function visitVmas(
  mm: Mm,
  start: Addr,
  end: Addr,
  visit: (vma: Vma, from: Addr, to: Addr) => void,
): Addr | undefined {
  let hole: Addr | undefined;
  for (let at = start; at < end;) {
    const vma = mm.vmas[vmaIndex(mm.vmas, at)];
    if (!vma || vma.start > at) hole ??= at;
    if (!vma || vma.start >= end) break;
    const from = Math.max(at, vma.start), to = Math.min(vma.end, end);
    visit(vma, from, to);
    at = to;
  }
  return hole;
}

/**
 * Changes the flags of what is mapped in `start-end`: cuts at both ends, and joins what is alike again. A mapping whose
 * flags do not change is left alone. Models `vma_modify_flags()`.
 *
 * @returns the first address of a hole in the range, if there is one; what is mapped behind it is changed, too
 */
export function vma_modify_flags(
  m: Machine,
  mm: Mm,
  start: Addr,
  end: Addr,
  change: (flags: number) => number,
): Addr | undefined {
  return visitVmas(mm, start, end, (vma, from, to) => {
    const flags = change(vma.flags);
    if (flags === vma.flags) return;
    m.assertWriteLocked(mm, "vma_modify_flags", from);
    const part = partOf(vma, from, to, flags);
    const pieces = [part];
    if (from > vma.start) pieces.unshift(partOf(vma, vma.start, from));
    if (to < vma.end) pieces.push(partOf(vma, to, vma.end));
    insert(m, mm, vmaIndex(mm.vmas, from), 1, pieces, part);
  });
}

/** Adds a mapping where nothing is mapped, and joins it with what is alike on either side. */
export function insertVma(m: Machine, mm: Mm, vma: Vma): void {
  m.assertWriteLocked(mm, "insertVma", vma.start);
  insert(m, mm, vmaIndex(mm.vmas, vma.start), 0, [vma], vma);
}

/** Takes `start-end` out of every mapping. */
export function removeVmas(m: Machine, mm: Mm, start: Addr, end: Addr): void {
  const index = vmaIndex(mm.vmas, start);
  let behind = index;
  while (behind < mm.vmas.length && mm.vmas[behind]!.start < end) behind++;
  if (behind === index) return;
  m.assertWriteLocked(mm, "removeVmas", start);
  const first = mm.vmas[index]!, last = mm.vmas[behind - 1]!, vmas: Vma[] = [];
  if (first.start < start) vmas.push(partOf(first, first.start, start));
  if (last.end > end) vmas.push(partOf(last, end, last.end));
  m.emit({ type: "vmas", mm: mm.id, index, removed: behind - index, vmas });
}

/** The part `from-to` of a mapping, with other flags if some are given. */
export function partOf(vma: Vma, from: Addr, to: Addr, flags = vma.flags): Vma {
  return { ...vma, start: from, end: to, flags, pgoff: vma.pgoff + vpnOf(from - vma.start) };
}

/**
 * Replaces `removed` mappings from `index` by `pieces`, in one event. The piece that is new, `part`, is joined with its
 * neighbours where they agree; a border that the call did not touch stays as it is. Models `vma_merge()`.
 */
function insert(
  m: Machine,
  mm: Mm,
  index: number,
  removed: number,
  pieces: Vma[],
  part: Vma,
): void {
  const left = pieces[0] === part ? mm.vmas[index - 1] : undefined;
  const right = pieces.at(-1) === part ? mm.vmas[index + removed] : undefined;
  const joinsLeft = left !== undefined && agree(left, part) && canShareAnonVma(left, part);
  const joinsRight = right !== undefined && agree(part, right) && canShareAnonVma(right, part) &&
    (!joinsLeft || !left.anonVma || !right.anonVma || left.anonVma === right.anonVma);
  if (joinsLeft || joinsRight) {
    const first = joinsLeft ? left : part, last = joinsRight ? right : part;
    const { anonVma, cloned } = part.anonVma ? part : first.anonVma ? first : last;
    const { start, pgoff } = first, { end } = last;
    pieces[pieces.indexOf(part)] = { ...part, start, end, pgoff, anonVma, cloned };
  }
  m.emit({
    type: "vmas",
    mm: mm.id,
    index: joinsLeft ? index - 1 : index,
    removed: removed + (joinsLeft ? 1 : 0) + (joinsRight ? 1 : 0),
    vmas: pieces,
  });
}

/** Do two mappings meet, with the same flags, and go on in what backs them? */
function agree(left: Vma, right: Vma): boolean {
  return left.end === right.start && left.flags === right.flags && left.object === right.object &&
    left.pgoff + vpnOf(left.end - left.start) === right.pgoff;
}

/**
 * Two mappings have one anon_vma, or one has none and takes the other's, unless a fork has brought that one others
 * beside it. Models `is_mergeable_anon_vma()`.
 */
function canShareAnonVma(one: Vma, other: Vma): boolean {
  if (one.anonVma === other.anonVma) return true;
  return one.anonVma ? !other.anonVma && !one.cloned : !other.cloned;
}
