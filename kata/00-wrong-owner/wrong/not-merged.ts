// Believed: what KSM has merged is nobody's, so nobody reads it for a device.
// Rejected by: a page that KSM has merged is a frame that can be held
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const holds = (state.holds.get(registration.holder) ?? [])
    .filter((hold) => state.frames.get(hold.pfn)?.kind !== "ksm");
  const held = new Set(holds.map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
