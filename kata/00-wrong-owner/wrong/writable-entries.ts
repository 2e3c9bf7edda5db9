// Believed: only an entry that may be written through belongs to an owner; r-- is what is left after the memory was given away.
// Rejected by: a process that may no longer write to the page reads it all the same
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) =>
      [...state.mms.get(task.mm)!.ptes.values()].some((pte) => pte.writable && held.has(pte.pfn))
    )
    .map((task) => task.pid);
}
