// Believed: a device's queues are named after it, so that a name tells the device by its beginning.
// Rejected by: a device whose name begins in the same way is another device
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const names = [...state.holds.keys()].filter((name) => registration.holder.startsWith(name));
  const holds = names.flatMap((name) => state.holds.get(name)!);
  const held = new Set(holds.map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
