/**
 * What a process does to its memory: the calls that change mappings, loads and stores, and /proc.
 *
 * @module
 */

import { bytesOf } from "../data.ts";
import type { Host } from "../host.ts";
import { userLoad, userStore } from "../mm/fault.ts";
import { do_madvise, sys_mark_nocopy } from "../mm/madvise.ts";
import { sys_mincore } from "../mm/mincore.ts";
import { do_mlock, sys_munlock } from "../mm/mlock.ts";
import { sys_brk, vm_mmap, vm_munmap } from "../mm/mmap.ts";
import { sys_mprotect } from "../mm/mprotect.ts";
import { sys_mremap } from "../mm/mremap.ts";
import { access_remote_vm } from "../mm/process_vm_access.ts";
import { clear_refs_write } from "../mm/task_mmu.ts";
import { type Addr, PAGE_SIZE, type Pfn, type Pid } from "../state.ts";
import { VM_ACCESS_FLAGS, VM_WRITE } from "../uapi.ts";
import { named, operation } from "./operation.ts";

const OR_ERROR = "`ok`, or the error";

/** The calls that change mappings, and what processes do with them. */
export const memory = named({
  mmap: operation({
    who: "process",
    operands: ["pid", "addr", "pages", "prot", "flags", "fd", "file"],
    path: (m, { pid, addr, pages, prot, flags, fd, file }) => {
      const backing = fd !== undefined
        ? m.driverOf(pid, fd).backing(m)
        : file && { object: m.fileObject(file, pages), flags: 0 };
      return vm_mmap(m, m.mm(pid), addr, pages, prot, flags, backing);
    },
    scene: {
      word: "mmap",
      words: ["region", "count", "memory", "access"],
      does:
        "maps N pages read-write, or as is said, in place of what was there; `pfile` and `sfile` are the scene's file, privately and shared",
      answers: "`ok`",
    },
  }),
  munmap: operation({
    who: "process",
    operands: ["pid", "addr", "pages"],
    path: (m, { pid, addr, pages }) => vm_munmap(m, m.mm(pid), addr, pages),
    scene: {
      word: "munmap",
      words: ["page", "count"],
      does: "unmaps N pages",
      answers: OR_ERROR,
    },
  }),
  mremap: operation({
    who: "process",
    operands: ["pid", "addr", "pages", "to"],
    path: (m, { pid, addr, pages, to }) => sys_mremap(m, m.mm(pid), addr, pages, to),
    scene: {
      word: "mremap",
      words: ["page", "count", "page"],
      does: "moves N pages to that very place, where whatever was mapped goes away",
      answers: OR_ERROR,
    },
  }),
  mprotect: operation({
    who: "process",
    operands: ["pid", "addr", "pages", "prot"],
    path: (m, { pid, addr, pages, prot }) => sys_mprotect(m, m.mm(pid), addr, pages, prot),
    scene: {
      word: "mprot",
      words: ["page", "count", "protection"],
      does: "sets the protection of N pages",
      answers: OR_ERROR,
    },
  }),
  mlock: operation({
    who: "process",
    operands: ["pid", "addr", "pages"],
    path: (m, { pid, addr, pages }) => do_mlock(m, m.mm(pid), addr, pages, m.task(pid).memlock),
    scene: {
      word: "mlock",
      words: ["page", "count"],
      needs: "memlock",
      does: "locks N pages, which faults them in",
      answers: OR_ERROR,
    },
  }),
  munlock: operation({
    who: "process",
    operands: ["pid", "addr", "pages"],
    path: (m, { pid, addr, pages }) => sys_munlock(m, m.mm(pid), addr, pages),
    scene: {
      word: "munlock",
      words: ["page", "count"],
      does: "unlocks N pages",
      answers: OR_ERROR,
    },
  }),
  madvise: operation({
    who: "process",
    operands: ["pid", "addr", "pages", "advice"],
    path: (m, { pid, addr, pages, advice }) =>
      do_madvise(m, m.mm(pid), addr, pages * PAGE_SIZE, advice),
    scene: {
      word: "madv",
      words: ["page", "count", "advice"],
      does: "gives advice on N pages",
      answers: OR_ERROR,
    },
  }),
  mincore: operation({
    who: "process",
    operands: ["pid", "addr", "pages"],
    path: (m, { pid, addr, pages }) => sys_mincore(m, m.mm(pid), addr, pages),
    scene: {
      word: "mincore",
      words: ["page", "count"],
      does: "which of N pages are resident, in memory or in a cache: `=1`",
      answers: "`=1,=0`, or the error",
      answer: () => (pages) => pages.map((resident) => resident ? "=1" : "=0").join() || "ok",
    },
  }),
  brk: operation({
    who: "process",
    operands: ["pid", "addr"],
    path: (m, { pid, addr }) => sys_brk(m, m.mm(pid), addr),
  }),
  sys_mark_nocopy: operation({
    who: "process",
    operands: ["pid", "addr", "pages", "mark"],
    path: (m, { pid, addr, pages, mark }) => sys_mark_nocopy(m, m.mm(pid), addr, pages, mark),
  }),
  store: operation({
    who: "process",
    operands: ["pid", "addr", "data"],
    path: (m, { pid, addr, data }) => userStore(m, pid, addr, bytesOf(data)),
    scene: {
      word: "w",
      words: ["page", "value"],
      does: "writes",
      answers: "`ok f1 copy`, `segv`, `sigbus`",
      answer: (m, { pid, addr }) => {
        const faults = faultsOf(m, pid, addr, VM_WRITE), fate = fateOf(m, pid, addr);
        return () => `ok ${faults} ${fate()}`;
      },
    },
  }),
  load: operation({
    who: "process",
    operands: ["pid", "addr", "length"],
    path: (m, { pid, addr, length }) => userLoad(m, pid, addr, length),
    scene: {
      word: "r",
      reads: true,
      words: ["page"],
      also: { length: 1 },
      does: "reads",
      answers: "`=V f0`, `segv`, `sigbus`",
      answer: (m, { pid, addr }) => {
        const faults = faultsOf(m, pid, addr, VM_ACCESS_FLAGS);
        return ([value]) => `=${value} ${faults}`;
      },
    },
  }),
  mem_write: operation({
    who: "outside",
    operands: ["target", "addr", "value"],
    path: (m, { target, addr, value }) => access_remote_vm(m, m.mm(target), addr, value),
    scene: {
      word: "mw",
      by: "process",
      words: ["page", "value"],
      does: "writes through /proc/self/mem",
      answers: "`ok same`, `EIO`",
      answer: (m, { target, addr }) => {
        const fate = fateOf(m, target, addr);
        return () => `ok ${fate()}`;
      },
    },
  }),
  mem_read: operation({
    who: "outside",
    operands: ["target", "addr"],
    path: (m, { target, addr }) => access_remote_vm(m, m.mm(target), addr),
    scene: {
      word: "mr",
      reads: true,
      by: "process",
      words: ["page"],
      does: "reads through /proc/self/mem",
      answers: "`=V`, `EIO`",
      answer: () => (value) => `=${value}`,
    },
  }),
  clear_refs: operation({
    who: "process",
    operands: ["pid"],
    path: (m, { pid }) => clear_refs_write(m, m.mm(pid)),
    scene: {
      word: "cr",
      words: [],
      needs: "softdirty",
      does: "clears the soft-dirty bits",
      answers: "`ok`",
    },
  }),
});

/** Whether an access that begins now takes a fault: `f0`, `f1`. */
function faultsOf(m: Host, pid: Pid, addr: Addr, needed: number): string {
  const mm = m.mm(pid), pte = m.pte(mm, addr), vma = m.vma(mm, addr);
  const allowed = vma && vma.flags & needed;
  return pte && allowed && (needed !== VM_WRITE || pte.writable) ? "f0" : "f1";
}

/** What becomes of the frame under an address, to be asked when it has become of it. */
function fateOf(m: Host, pid: Pid, addr: Addr): () => string {
  const before: Pfn | undefined = m.pte(m.mm(pid), addr)?.pfn;
  return () => {
    if (before === undefined) return "new";
    return m.pte(m.mm(pid), addr)!.pfn === before ? "same" : "copy";
  };
}
