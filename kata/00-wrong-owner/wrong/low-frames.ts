// Believed: a device reaches the low frames only, as in the days of ZONE_DMA.
// Rejected by: how many pages there are, and where, is not asked
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const holds = (state.holds.get(registration.holder) ?? []).filter((hold) => hold.pfn < 40);
  const held = new Set(holds.map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
