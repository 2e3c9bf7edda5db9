// This module is browser compatible.
/**
 * Making and ending processes. Models kernel/fork.c and kernel/exit.c.
 * Left out: vfork, exec, threads, file descriptors, signals.
 *
 * @module
 */

import type { Machine } from "../machine.ts";
import type { Mm, MmId, Pid } from "../state.ts";
import { copy_page_range, zap_page_range } from "./memory.ts";

/** Makes an address space without mappings. */
export function mm_alloc(m: Machine): Mm {
  const mm: MmId = m.state.nextMm;
  m.emit({ type: "mm", mm });
  return m.state.mms.get(mm)!;
}

/** Starts a process in an address space. */
export function start_task(m: Machine, mm: Mm): Pid {
  const pid = m.state.nextPid;
  m.emit({ type: "task", pid, mm: mm.id });
  return pid;
}

/**
 * Forks: the child has the parent's mappings and, page by page, its frames or copies of them.
 * Models `copy_process()` and `dup_mmap()`, under the mmap_lock held for write.
 *
 * @returns the child's pid
 */
export function copy_process(m: Machine, parent: Pid): Pid {
  const from = m.mm(parent);
  const to = mm_alloc(m);
  const child = start_task(m, to);
  for (const vma of from.vmas) {
    m.emit({ type: "vma_insert", mm: to.id, vma: { ...vma, anonVma: 0 } });
    if (!vma.anonVma) continue; // no frame of its own: the child faults for itself (vma_needs_copy)
    m.emit({ type: "anon_vma", mm: to.id, start: vma.start, anonVma: m.state.nextAnonVma });
    copy_page_range(m, from, to, vma);
  }
  return child;
}

/** Ends a process. References that a device took outlive it: they are the device's. Models `do_exit()`, `exit_mmap()`. */
export function do_exit(m: Machine, pid: Pid): void {
  const mm = m.mm(pid);
  for (const vma of mm.vmas) zap_page_range(m, mm, vma.start, vma.end);
  m.emit({ type: "exit", pid });
}
