/**
 * Asking the kernel which pages a process has written to: clearing the soft-dirty bits write-protects. Models the part of
 * fs/proc/task_mmu.c that writes "4" to /proc/PID/clear_refs.
 * Left out: the bit itself and reading it, and that until the next write a mapping's entries are not made writable early.
 *
 * @module
 */

import { atomic, type Machine, type Path } from "../machine.ts";
import { type Mm, page_maybe_dma_pinned } from "../state.ts";
import { is_cow_mapping } from "../uapi.ts";
import { entriesOf } from "./memory.ts";

/**
 * Write-protects every entry, but not that of a private page which may be pinned, where pins are counted; where the kernel
 * was built with soft-dirty bits. Holds the mmap_lock for write.
 */
export function* clear_refs_write(m: Machine, mm: Mm): Path<void> {
  if (m.build.softDirty) yield* m.locked(mm, "write", atomic(() => clear_soft_dirty(m, mm)));
}

function clear_soft_dirty(m: Machine, mm: Mm): void {
  for (const vma of mm.vmas) {
    for (const [vpn, { pfn, writable, dirty }] of entriesOf(mm, vma)) {
      if (!writable) continue;
      if (is_cow_mapping(vma.flags) && mm.hasPinned && page_maybe_dma_pinned(m.page(pfn))) continue;
      m.emit({ type: "protect", mm: mm.id, vpn, writable: false, dirty });
    }
  }
}
