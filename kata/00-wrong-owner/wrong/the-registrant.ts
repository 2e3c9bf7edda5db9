// Believed: the memory belongs to whoever registered it, as the driver's record says.
// Rejected by: after a fork, parent and child read what the device writes
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const { mm } = state.tasks.get(registration.pid) ?? { mm: 0 };
  return state.holds.has(registration.holder)
    ? [...state.tasks.values()].filter((task) => task.mm === mm).map((task) => task.pid)
    : [];
}
