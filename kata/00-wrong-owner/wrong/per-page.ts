// Believed: every page held has its readers, so put the lists together.
// Rejected by: of two pages held, a process that reads both is named once
import type { Addr, Pid, State } from "sim";

interface Registration {
  readonly pid: Pid;
  readonly addr: Addr;
  readonly pages: number;
  readonly holder: string;
}

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
