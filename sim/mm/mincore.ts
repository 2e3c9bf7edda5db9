/**
 * Which pages are resident: those that could be had without reading a disk. Models mm/mincore.c.
 * Left out: before 2.6.21 (42da9cbd3eed) private memory was ENOMEM, and of a private mapping of a file only the file's
 * pages counted; since 5.2 (134fca9063ad) who may not write to a file is told that all of it is there, and here everybody
 * may; late kernels find device memory in the page table, which is never resident here.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { mapsText, vpnOf } from "../address.ts";
import type { Machine, Path } from "../machine.ts";
import { type Addr, type Mm, PAGE_SIZE, type Vma } from "../state.ts";
import { VM_PFNMAP } from "../uapi.ts";
import { pageRange } from "./mmap.ts";

/**
 * Looks at each page of a range, mapping by mapping, with the mmap_lock held for read anew for each.
 *
 * @returns for each page whether it is resident
 * @throws Errno EINVAL for an unaligned address; ENOMEM for a hole
 */
export function* sys_mincore(m: Machine, mm: Mm, addr: Addr, pages: number): Path<boolean[]> {
  const { start, end } = pageRange("mincore", addr, pages), resident: boolean[] = [];
  for (let at = start; at < end; at = start + resident.length * PAGE_SIZE) {
    resident.push(...yield* m.locked(mm, "read", do_mincore(m, mm, at, end)));
  }
  return resident;
}

/** The pages of one mapping, up to its end or that of the range. */
function* do_mincore(m: Machine, mm: Mm, start: Addr, end: Addr): Path<boolean[]> {
  const vma = m.vma(mm, start);
  if (!vma) {
    const hole = `mincore: nothing is mapped at 0x${start.toString(16)}`;
    throw new Errno("ENOMEM", `${hole}: ${mapsText(mm)}`);
  }
  yield* m.pteLock(mm);
  const resident: boolean[] = [];
  for (let at = start; at < end && at < vma.end; at += PAGE_SIZE) {
    resident.push(isResident(m, mm, vma, at));
  }
  return resident;
}

/**
 * Is it in the page table, or else, swapped out, still in the swap cache, or, never touched, in the page cache of what
 * the mapping shows? Models `mincore_pte_range()`, `mincore_swap()` and `mincore_page()`.
 */
function isResident(m: Machine, mm: Mm, vma: Vma, at: Addr): boolean {
  if (vma.flags & VM_PFNMAP) return false;
  if (m.pte(mm, at)) return true;
  const swapped = mm.swapPtes.get(vpnOf(at));
  if (swapped) return m.state.slots.get(swapped.slot)!.pfn !== 0;
  const index = vma.pgoff + vpnOf(at - vma.start);
  return m.state.objects.get(vma.object)?.pages.has(index) ?? false;
}
