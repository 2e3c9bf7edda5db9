// This module is browser compatible.
/**
 * Cutting and joining mappings. Models mm/vma.c, which was part of mm/mmap.c for most of its life.
 * Left out: policies, userfaultfd and names, which must agree as well before two mappings merge.
 *
 * @module
 */

import { type Machine, vpn_of } from "../machine.ts";
import type { Addr, Mm, Vma } from "../state.ts";

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
    const vma = mm.vmas.find((vma) => vma.end > at);
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
    m.assertWriteLocked(mm, `vma_modify_flags(0x${from.toString(16)})`);
    split_vma(m, mm, from);
    split_vma(m, mm, to);
    const part = m.vma(mm, from)!;
    m.emit({ type: "vma_remove", mm: mm.id, start: from });
    m.emit({ type: "vma_insert", mm: mm.id, vma: { ...part, flags } });
    vma_merge(m, mm, from);
    vma_merge(m, mm, to);
  });
}

/** Cuts the VMA that lies across `addr` in two. Models `split_vma()`. */
export function split_vma(m: Machine, mm: Mm, addr: Addr): void {
  const vma = m.vma(mm, addr);
  if (!vma || vma.start === addr) return;
  m.assertWriteLocked(mm, `split_vma(0x${addr.toString(16)})`);
  const pgoff = vma.object ? vma.pgoff + vpn_of(addr - vma.start) : 0;
  m.emit({ type: "vma_remove", mm: mm.id, start: vma.start });
  m.emit({ type: "vma_insert", mm: mm.id, vma: { ...vma, end: addr } });
  m.emit({ type: "vma_insert", mm: mm.id, vma: { ...vma, start: addr, pgoff } });
}

/** Joins the two VMAs that meet at `addr` when their flags agree, and their anon_vma or one has none. Models `vma_merge()`. */
export function vma_merge(m: Machine, mm: Mm, addr: Addr): void {
  const left = m.vma(mm, addr - 1), right = m.vma(mm, addr);
  if (!left || !right || left === right || left.flags !== right.flags) return;
  if (left.object !== right.object) return;
  if (left.object && left.pgoff + vpn_of(left.end - left.start) !== right.pgoff) return;
  if (left.anonVma && right.anonVma && left.anonVma !== right.anonVma) return;
  const anonVma = left.anonVma || right.anonVma;
  m.emit({ type: "vma_remove", mm: mm.id, start: left.start });
  m.emit({ type: "vma_remove", mm: mm.id, start: right.start });
  m.emit({ type: "vma_insert", mm: mm.id, vma: { ...left, end: right.end, anonVma } });
}
