// Believed: whoever reads the same bytes as the device reads the same memory.
// Rejected by: a copy with the same contents is not the device's frame
import type { Pid, State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const text = (pfn: number) => String(state.frames.get(pfn)?.bytes);
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => text(hold.pfn)));
  return [...state.tasks.values()]
    .filter((task) =>
      [...state.mms.get(task.mm)!.ptes.values()].some((pte) => held.has(text(pte.pfn)))
    )
    .map((task) => task.pid);
}
