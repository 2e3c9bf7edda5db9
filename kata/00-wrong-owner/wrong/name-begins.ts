// Believed: a device has several queues, nic and nic 2, and what the name begins with is the device.
// Rejected by: a device whose name begins in the same way is another device
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const names = [...state.holds.keys()].filter((name) => name.startsWith(registration.holder));
  const held = new Set(names.flatMap((name) => state.holds.get(name)!).map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) => [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(pte.pfn)))
    .map((task) => task.pid);
}
