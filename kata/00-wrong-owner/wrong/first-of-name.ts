// Believed: a device is found by the beginning of its name.
// Rejected by: of two devices, the older has the longer name
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const name = [...state.holds.keys()].find((name) => name.startsWith(registration.holder));
  const holds = name === undefined ? [] : state.holds.get(name)!;
  const held = new Set(holds.map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
