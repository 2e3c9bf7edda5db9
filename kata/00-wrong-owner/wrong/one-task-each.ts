// Believed: each address space has its process, so the first task that runs in it will do.
// Rejected by: every thread of an address space reads
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  const tasks = [...state.tasks.values()];
  return [...state.mms.values()]
    .filter((mm) => [...mm.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((mm) => tasks.find((task) => task.mm === mm.id)!.pid);
}
