// Believed: the record says where the memory is, so that only the entries of its pages need a look.
// Rejected by: what the holder has got from another registration counts
import { PAGE_SIZE, type Pid, type State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const held = new Set((state.holds.get(registration.holder) ?? []).map((hold) => hold.pfn));
  const first = registration.addr / PAGE_SIZE, end = first + registration.pages;
  return [...state.tasks.values()]
    .filter((task) =>
      [...state.mms.get(task.mm)!.ptes]
        .some(([vpn, pte]) => first <= vpn && vpn < end && held.has(pte.pfn))
    )
    .map((task) => task.pid);
}
