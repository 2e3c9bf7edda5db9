// Believed: a process is an address space, so the number of one is the number of the other.
// Rejected by: a thread reads on when the task that registered has ended
import type { Addr, Pid, State } from "sim";

interface Registration {
  readonly pid: Pid;
  readonly addr: Addr;
  readonly pages: number;
  readonly holder: string;
}

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  return [...state.mms.values()]
    .filter((mm) => [...mm.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((mm) => mm.id);
}
