// Believed: a frame that any device holds is a device's frame, and that is what was asked.
// Rejected by: what another device holds is not asked for
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  if (!state.holds.has(registration.holder)) return [];
  const held = new Set([...state.holds.values()].flat().map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
