// Believed: a hold is one reference, and one with more is a pin, which is another list's business.
// Rejected by: a pin is held like any other reference
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const holds = (state.holds.get(registration.holder) ?? []).filter((hold) => hold.refs === 1);
  const held = new Set(holds.map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
