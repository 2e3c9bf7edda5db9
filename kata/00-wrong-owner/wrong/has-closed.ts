// Believed: who has closed the device is done with it, and only the others read what it writes.
// Rejected by: any processes and any memory, in long orders that a seed throws
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  const opens = (pid: Pid) =>
    [...state.tasks.get(pid)!.files.values()].some(({ file }) =>
      state.files.get(file)!.device === registration.holder
    );
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid)
    .filter((pid) => state.files.size === 0 || opens(pid) || pid === registration.pid)
    .sort((a, b) => a - b);
}
