/**
 * What an instruction of a process does to memory: it reads or writes through the page table, and faults where the
 * table does not let it. Models arch/x86/mm/fault.c.
 *
 * @module
 */

import { Errno, Signal } from "../errno.ts";
import { mapsText, offset_in_page, vpnOf } from "../address.ts";
import type { Machine, Path } from "../machine.ts";
import {
  type Addr,
  type Contents,
  type Frame,
  type Mm,
  PAGE_SIZE,
  type Pid,
  type Pte,
} from "../state.ts";
import { FAULT_FLAG_WRITE, VM_ACCESS_FLAGS, VM_WRITE } from "../uapi.ts";
import { handle_mm_fault, type VmFault } from "./memory.ts";
import { readFrame, writeFrame } from "./page.ts";

/** Stores bytes, page by page. @throws Signal SIGSEGV where nothing writable is mapped, SIGBUS, SIGKILL for want of memory; earlier pages are written */
export function* userStore(m: Machine, pid: Pid, addr: Addr, bytes: Contents): Path<void> {
  for (let done = 0; done < bytes.length;) {
    const offset = offset_in_page(addr + done);
    const part = bytes.slice(done, done + PAGE_SIZE - offset);
    const page = yield* access(m, pid, addr + done, "store");
    writeFrame(m, page, offset, part, m.task(pid).mm);
    done += part.length;
  }
}

/** Loads `length` bytes. @throws Signal SIGSEGV where nothing readable is mapped */
export function* userLoad(m: Machine, pid: Pid, addr: Addr, length: number): Path<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const offset = offset_in_page(addr + done);
    const page = yield* access(m, pid, addr + done, "load");
    const part = Math.min(length - done, PAGE_SIZE - offset);
    bytes.set(readFrame(page, offset, part), done);
    done += part;
  }
  return bytes;
}

/** The frame that an access of one page reaches, after as many faults as it takes. */
function* access(m: Machine, pid: Pid, addr: Addr, kind: "load" | "store"): Path<Frame> {
  for (;;) {
    const mm = m.mm(pid);
    const pte = m.pte(mm, addr);
    const needed = kind === "store" ? VM_WRITE : VM_ACCESS_FLAGS;
    const allowed = (m.vma(mm, addr)?.flags ?? 0) & needed;
    if (pte && allowed && (kind === "load" || pte.writable)) {
      if (kind === "store") markDirty(m, mm, addr, pte);
      return m.page(pte.pfn);
    }
    const flags = kind === "store" ? FAULT_FLAG_WRITE : 0;
    let fault: VmFault;
    try {
      fault = yield* m.locked(mm, "read", handle_mm_fault(m, mm, addr, flags));
    } catch (error) {
      if (!(error instanceof Errno) || error.code !== "ENOMEM") throw error;
      // VM_FAULT_OOM ends the process: the machine has nobody else to choose.
      throw new Signal("SIGKILL", `${kind}(pid ${pid}): ${error.message}`, addr);
    }
    if (fault === "VM_FAULT_SIGBUS") throw new Signal("SIGBUS", sigbus(pid, addr, kind), addr);
    if (fault === "VM_FAULT_SIGSEGV") {
      throw new Signal("SIGSEGV", segv(m, mm, pid, addr, kind), addr);
    }
    yield;
  }
}

/** The processor notes in the entry that it was written through. */
function markDirty(m: Machine, mm: Mm, addr: Addr, pte: Pte): void {
  if (pte.dirty) return;
  m.emit({ type: "protect", mm: mm.id, vpn: vpnOf(addr), writable: pte.writable, dirty: true });
}

function sigbus(pid: Pid, addr: Addr, kind: string): string {
  return `${kind}(pid ${pid}, 0x${addr.toString(16)}): the mapping reaches past what backs it`;
}

function segv(m: Machine, mm: Mm, pid: Pid, addr: Addr, kind: "load" | "store"): string {
  const why = m.vma(mm, addr) ? `the VMA does not allow a ${kind}` : "no VMA covers this address";
  return `${kind}(pid ${pid}, 0x${addr.toString(16)}): ${why}: pid ${pid} maps ${mapsText(mm)}`;
}
