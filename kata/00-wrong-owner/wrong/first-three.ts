// Believed: a device works on its oldest frames first, and will never come to the others.
// Rejected by: how many pages there are, and where, is not asked
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const oldest = (state.holds.get(registration.holder) ?? []).slice(0, 10);
  const held = new Set(oldest.map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
