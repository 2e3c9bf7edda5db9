// Believed: a frame goes from the process that registered it to its children, so look there and nowhere else.
// Rejected by: shared memory that a child registers is read by its parent as well
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => task.pid >= registration.pid)
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
