// This module is browser compatible.
/**
 * Changing what a mapping allows. Models mm/mprotect.c.
 * Left out: PROT_GROWSDOWN, protection keys, PROT_NONE's own page-table bit (the VMA forbids, the entry stays).
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { type Machine, mapsText } from "../machine.ts";
import { type Addr, type Mm, VM_READ, VM_WRITE, type Vma } from "../state.ts";
import { entriesOf } from "./memory.ts";
import { pageRange, protFlags, split_vma, vma_merge } from "./mmap.ts";
import { PageAnonExclusive } from "./page.ts";

/**
 * Sets the protection of a range. Models `do_mprotect_pkey()`.
 *
 * @throws Errno EINVAL for an unaligned address, ENOMEM when a page of the range is not mapped (what lies before the
 * hole is changed)
 */
export function do_mprotect(m: Machine, mm: Mm, addr: Addr, pages: number, prot: number): void {
  const { start, end } = pageRange("mprotect", addr, pages);
  for (let at = start; at < end;) {
    const vma = m.vma(mm, at);
    if (!vma) {
      const hole = `mprotect: nothing is mapped at 0x${at.toString(16)}: ${mapsText(mm)}`;
      throw new Errno("ENOMEM", hole);
    }
    const stop = Math.min(vma.end, end);
    mprotect_fixup(m, mm, vma, at, stop, protFlags(prot));
    at = stop;
  }
}

/** One VMA's share of the range. The same protection as before changes nothing, not even a split. */
function mprotect_fixup(m: Machine, mm: Mm, vma: Vma, start: Addr, end: Addr, bits: number): void {
  const flags = vma.flags & ~(VM_READ | VM_WRITE) | bits;
  if (flags === vma.flags) return;
  split_vma(m, mm, start);
  split_vma(m, mm, end);
  m.emit({ type: "vma_remove", mm: mm.id, start });
  m.emit({ type: "vma_insert", mm: mm.id, vma: { ...vma, start, end, flags } });
  vma_merge(m, mm, start);
  vma_merge(m, mm, end);
  change_pte_range(m, mm, start, end, (flags & VM_WRITE) !== 0);
}

/**
 * Taking the write permission away write-protects every entry. Giving it back makes a private entry writable only
 * where the frame is known to be exclusive; any other waits for its write fault to decide.
 *
 * Source: mm/mprotect.c `can_change_private_pte_writable()` at v6.1; earlier kernels never upgrade a private entry.
 */
function change_pte_range(m: Machine, mm: Mm, start: Addr, end: Addr, writable: boolean): void {
  for (const [vpn, pte] of entriesOf(mm, { start, end })) {
    const upgrade = writable && PageAnonExclusive(m.page(pte.pfn));
    if (pte.writable ? !writable : upgrade) {
      m.emit({ type: "protect", mm: mm.id, vpn, writable, dirty: pte.dirty });
    }
  }
}
