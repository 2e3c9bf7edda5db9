// Believed: a device works on its newest frames, and has done with the others.
// Rejected by: of nine pages held, the first is enough to be a reader
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const newest = (state.holds.get(registration.holder) ?? []).slice(-3);
  const held = new Set(newest.map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
