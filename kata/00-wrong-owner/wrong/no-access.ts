// Believed: who may not read is no reader, so the mapping is asked as well.
// Rejected by: a process that may not read the page at the moment is a reader all the same
import { type Addr, type Mm, PAGE_SIZE, type Pid, type State, VM_READ } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  const mayRead = (mm: Mm, addr: Addr) =>
    mm.vmas.some((vma) => vma.start <= addr && addr < vma.end && vma.flags & VM_READ);
  return [...state.tasks.values()]
    .filter((task) => {
      const mm = state.mms.get(task.mm)!;
      return [...mm.ptes].some(([vpn, pte]) => held.has(pte.pfn) && mayRead(mm, vpn * PAGE_SIZE));
    })
    .map((task) => task.pid);
}
