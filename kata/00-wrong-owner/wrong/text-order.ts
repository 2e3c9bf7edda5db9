// Believed: sort() puts a list in ascending order.
// Rejected by: pids of two digits come after those of one
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid)
    .sort();
}
