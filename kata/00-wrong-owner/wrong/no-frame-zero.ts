// Believed: frame 0 is no frame: a 0 is what is there when nothing is.
// Rejected by: the zero page is a frame that can be held
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const holds = state.holds.get(registration.holder) ?? [];
  const held = new Set(holds.map((hold) => hold.pfn).filter((pfn) => pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
