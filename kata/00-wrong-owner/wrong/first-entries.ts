// Believed: a page table begins with what the process maps first, and a driver's buffer is among that.
// Rejected by: how many pages there are, and where, is not asked
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) =>
      [...state.mms.get(task.mm)!.ptes.values()].slice(0, 32).some((pte) => held.has(pte.pfn))
    )
    .map((task) => task.pid);
}
