// Believed: a holder's last frames are those of the last registration, and as many as the record says.
// Rejected by: what the holder has from an older registration counts, whatever came after
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const holds = (state.holds.get(registration.holder) ?? []).slice(-registration.pages);
  const held = new Set(holds.map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
