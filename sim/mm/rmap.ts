/**
 * Which mappings can have frames of their own. Models the part of mm/rmap.c that decides what fork must copy.
 * Left out: the walk from a frame to its mappings, which needs none of this here.
 *
 * @module
 */

import { vpnOf } from "../address.ts";
import type { Machine } from "../machine.ts";
import type { Mm, Vma } from "../state.ts";
import { VM_EXEC, VM_READ, VM_WRITE } from "../uapi.ts";

/**
 * Marks a VMA as one that has frames of its own; fork skips those that have none. A neighbour that could be joined lends
 * its mark, so that the two may merge later. Models `__anon_vma_prepare()` of mm/rmap.c.
 */
export function anon_vma_prepare(m: Machine, mm: Mm, vma: Vma): void {
  if (vma.anonVma) return;
  const access = VM_READ | VM_WRITE | VM_EXEC;
  const alike = [m.vma(mm, vma.end), m.vma(mm, vma.start - 1)].find((other) =>
    other?.anonVma && !other.cloned && (other.flags & ~access) === (vma.flags & ~access) &&
    other.object === vma.object &&
    other.pgoff - vpnOf(other.start) === vma.pgoff - vpnOf(vma.start)
  );
  const anonVma = alike?.anonVma ?? m.state.nextAnonVma;
  m.emit({ type: "anon_vma", mm: mm.id, start: vma.start, anonVma });
}
