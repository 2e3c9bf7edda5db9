// Believed: address spaces are made in the order of their processes, so walking them walks the pids in order.
// Rejected by: pids are in ascending order, whichever address space they run in
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  const tasks = [...state.tasks.values()];
  return [...state.mms.values()]
    .filter((mm) => [...mm.ptes.values()].some((pte) => held.has(pte.pfn)))
    .flatMap((mm) => tasks.filter((task) => task.mm === mm.id).map((task) => task.pid));
}
