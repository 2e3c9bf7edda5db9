/**
 * Making and ending processes. Models kernel/fork.c and kernel/exit.c.
 * What becomes of each page, and what `forkMustCopy` is asked, stands in memory.ts.
 * Left out: signals, process groups, limits on the number of processes; that threads
 * share their descriptors (here each has copies), and that exec and exit of one ends the others.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { atomic, type Machine, type Path } from "../machine.ts";
import type { Mm, MmId, Pid, Vma } from "../state.ts";
import { VM_DONTCOPY, VM_LOCKED, VM_PFNMAP, VM_WIPEONFORK } from "../uapi.ts";
import { copy_page_range, zap_page_range } from "./memory.ts";

/** Makes an address space without mappings. */
export function mm_alloc(m: Machine): Mm {
  const mm: MmId = m.state.nextMm;
  m.emit({ type: "mm", mm });
  return m.state.mms.get(mm)!;
}

/** Starts a task in an address space, with copies of its parent's descriptors; the first has no parent, 0. */
export function startTask(m: Machine, mm: Mm, parent: Pid): Pid {
  const pid = m.state.nextPid;
  m.emit({ type: "task", pid, mm: mm.id, parent });
  return pid;
}

/**
 * Forks: the child has the parent's mappings and, page by page, its frames or copies of them. Models `copy_process()`.
 *
 * @returns the child's pid
 * @throws Errno ENOMEM when a page must be copied and there is no frame: the child is gone again, and what it shared
 * already stays write-protected in the parent
 */
export function* copy_process(m: Machine, parent: Pid): Path<Pid> {
  const from = m.mm(parent);
  const to = mm_alloc(m);
  const child = startTask(m, to, parent);
  try {
    yield* m.locked(from, "write", m.locked(to, "write", dup_mmap(m, from, to)));
  } catch (error) {
    if (error instanceof Errno) yield* do_exit(m, child);
    throw error;
  }
  return child;
}

/**
 * Copies mappings, with the mmap_lock of both held for write until the last page is copied. One marked VM_DONTCOPY is left
 * out, and one that never had a frame of its own brings no page table: the child faults for itself, see
 * {@linkcode Era.forkSkipsUntouched}. Models `dup_mmap()`.
 */
function* dup_mmap(m: Machine, from: Mm, to: Mm): Path<void> {
  if (from.brk !== to.brk) m.emit({ type: "brk", mm: to.id, brk: from.brk });
  if (m.state.ksm.mms.includes(from.id)) m.emit({ type: "ksm_mm", mm: to.id, enrolled: true });
  let nextAnonVma = m.state.nextAnonVma;
  const copied = from.vmas.filter(({ flags }) => !(flags & VM_DONTCOPY));
  const vmas = copied.map((vma) => {
    const kept = vma.anonVma !== 0 && !(vma.flags & VM_WIPEONFORK);
    return {
      ...vma,
      flags: vma.flags & ~VM_LOCKED,
      anonVma: kept ? nextAnonVma++ : 0,
      cloned: kept,
    };
  });
  m.emit({ type: "vmas", mm: to.id, index: 0, removed: 0, vmas });
  for (const vma of copied) {
    if (vma.flags & VM_WIPEONFORK) continue;
    if (needsCopy(m, vma)) yield* copy_page_range(m, from, to, vma);
  }
}

/** Are a mapping's entries copied, or left for the child's faults to find? Models `vma_needs_copy()`. */
function needsCopy(m: Machine, vma: Vma): boolean {
  return vma.anonVma !== 0 || (vma.flags & VM_PFNMAP) !== 0 || !m.era.forkSkipsUntouched;
}

/** A child in the parent's own address space, which the parent gets back when the child execs or exits. */
export function vfork(m: Machine, parent: Pid): Pid {
  const child = startTask(m, m.mm(parent), parent);
  m.emit({ type: "vfork", pid: child, parent });
  return child;
}

/** A thread: one more task in the same address space, CLONE_VM. */
export function cloneThread(m: Machine, pid: Pid): Pid {
  return startTask(m, m.mm(pid), pid);
}

/** Lets a parent go on that waits in vfork for this child. */
export function complete_vfork_done(m: Machine, pid: Pid): void {
  if (m.task(pid).vforkParent) m.emit({ type: "vfork", pid, parent: 0 });
}

/** @throws Errno EAGAIN when the task waits in vfork and can do nothing: a real one would block */
export function assertRuns(m: Machine, pid: Pid): void {
  m.task(pid);
  for (const child of m.state.tasks.values()) {
    if (child.vforkParent === pid) {
      throw new Errno("EAGAIN", `pid ${pid} waits in vfork until pid ${child.pid} execs or exits`);
    }
  }
}

/**
 * Drops an address space's pages when this task is the last that runs in it, with the mmap_lock held for write. Models
 * `mmput()`.
 */
export function* mmput(m: Machine, pid: Pid): Path<void> {
  const mm = m.mm(pid);
  for (const task of m.state.tasks.values()) if (task.pid !== pid && task.mm === mm.id) return;
  yield* m.locked(mm, "write", atomic(() => exit_mmap(m, mm)));
}

function exit_mmap(m: Machine, mm: Mm): void {
  for (const vma of mm.vmas) zap_page_range(m, mm, vma.start, vma.end);
}

/** Ends a process. References that a driver took outlive it: they are the driver's. Models `do_exit()`. */
export function* do_exit(m: Machine, pid: Pid): Path<void> {
  complete_vfork_done(m, pid);
  yield* mmput(m, pid);
  for (const fd of [...m.task(pid).files.keys()]) m.emit({ type: "close", pid, fd });
  m.emit({ type: "exit", pid });
}
