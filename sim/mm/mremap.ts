/**
 * Moving mappings. Models mm/mremap.c with MREMAP_MAYMOVE | MREMAP_FIXED and an unchanged length: the entries move, and
 * with them whatever they refer to, so that a pin stays where it was.
 * Left out: growing, shrinking, MREMAP_DONTUNMAP.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { mapsText, vpnOf } from "../address.ts";
import { atomic, type Machine, type Path } from "../machine.ts";
import { type Addr, type Mm, PAGE_SIZE, TASK_SIZE, type Vma } from "../state.ts";
import { VM_MERGEABLE } from "../uapi.ts";
import { unmerge_ksm_pages } from "./ksm.ts";
import { entriesOf, swappedIn } from "./memory.ts";
import { beyond, do_munmap, pageRange } from "./mmap.ts";
import { insertVma, partOf, removeVmas } from "./vma.ts";

/**
 * Moves a range of pages to `to`, where whatever was mapped goes away, with the mmap_lock held for write. Models
 * `sys_mremap()`.
 *
 * @throws Errno EINVAL for an unaligned address, no page, ranges that overlap, or a destination beyond TASK_SIZE; EFAULT when nothing is mapped at the
 * start, or, in eras that move one mapping at a time, when the range is not within one (what was mapped at the
 * destination is gone by then)
 */
export function sys_mremap(m: Machine, mm: Mm, addr: Addr, pages: number, to: Addr): Path<void> {
  return m.locked(mm, "write", atomic(() => do_mremap(m, mm, addr, pages, to)));
}

function do_mremap(m: Machine, mm: Mm, addr: Addr, pages: number, to: Addr): void {
  const { start, end } = pageRange("mremap", addr, pages);
  pageRange("mremap", to, pages);
  const length = end - start;
  if (pages === 0) throw new Errno("EINVAL", "mremap: the length is 0");
  if (to + length > TASK_SIZE) throw new Errno("EINVAL", beyond("mremap", to + length));
  if (to < end && start < to + length) throw new Errno("EINVAL", "mremap: the ranges overlap");
  const first = m.vma(mm, start);
  if (!first) throw new Errno("EFAULT", `mremap: nothing is mapped at 0x${start.toString(16)}`);
  if (!m.era.mremapMultiVma || first.end >= end) {
    do_munmap(m, mm, to, pages);
    if (first.end < end) {
      throw new Errno("EFAULT", `mremap: the range is not within one mapping: ${mapsText(mm)}`);
    }
    return move_vma(m, mm, first, start, end, to - start);
  }
  for (const vma of mm.vmas.filter((vma) => vma.start < end && start < vma.end)) {
    const from = Math.max(vma.start, start), until = Math.min(vma.end, end), by = to - start;
    do_munmap(m, mm, from + by, vpnOf(until - from));
    move_vma(m, mm, vma, from, until, by);
  }
}

/** Moves a part of one mapping; merged pages are broken up first. Models `move_vma()`. */
function move_vma(m: Machine, mm: Mm, vma: Vma, from: Addr, to: Addr, by: number): void {
  if (vma.flags & VM_MERGEABLE) unmerge_ksm_pages(m, mm, from, to);
  const part = partOf(m.vma(mm, from)!, from, to), range = { start: from, end: to };
  // Private memory that never had a page takes the number of its new place, copy_vma(): so it can merge there.
  const moves = !part.object && !part.anonVma;
  const pgoff = moves ? vpnOf(from + by) : part.pgoff;
  insertVma(m, mm, { ...part, start: from + by, end: to + by, pgoff });
  const vpns = [...entriesOf(mm, range).map(([vpn]) => vpn), ...swappedIn(mm, range)];
  if (vpns.length) m.emit({ type: "move", mm: mm.id, vpns, by: by / PAGE_SIZE });
  removeVmas(m, mm, from, to);
}
