// Believed: a buffer is one piece, so its first page tells whose it is.
// Rejected by: of two pages held, one is enough to be a reader
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const first = state.holds.get(registration.holder)?.[0];
  return [...state.tasks.values()]
    .filter((task) =>
      [...state.mms.get(task.mm)!.ptes.values()].some((pte) => pte.pfn === first?.pfn)
    )
    .map((task) => task.pid);
}
