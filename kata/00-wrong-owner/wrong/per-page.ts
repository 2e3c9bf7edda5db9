// Believed: every page held has its readers, so put the lists together.
// Rejected by: of two pages held, a process that reads both is named once
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const pids: Pid[] = [];
  for (const task of state.tasks.values()) {
    for (const pte of state.mms.get(task.mm)!.ptes.values()) {
      for (const hold of state.holds.get(registration.holder) ?? []) {
        if (hold.pfn === pte.pfn) pids.push(task.pid);
      }
    }
  }
  return pids;
}
