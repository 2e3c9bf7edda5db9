// Believed: who waits in vfork does nothing, so it does not read either.
// Rejected by: a parent that waits in vfork reads, and so does its child
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  const tasks = [...state.tasks.values()];
  return tasks
    .filter((task) => !tasks.some((child) => child.vforkParent === task.pid))
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
