// Believed: a process is an address space, so the number of one is the number of the other.
// Rejected by: a thread reads on when the task that registered has ended
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  return [...state.mms.values()]
    .filter((mm) => [...mm.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((mm) => mm.id);
}
