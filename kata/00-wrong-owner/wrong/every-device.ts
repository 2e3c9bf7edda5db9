// Believed: a frame that any device holds is a device's frame, and that is what was asked.
// Rejected by: what another device holds is not asked for
import type { Addr, Pid, State } from "sim";

interface Registration {
  readonly pid: Pid;
  readonly addr: Addr;
  readonly pages: number;
  readonly holder: string;
}

export function readersOf(state: State, registration: Registration): Pid[] {
  if (!state.holds.has(registration.holder)) return [];
  const held = new Set([...state.holds.values()].flat().map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
