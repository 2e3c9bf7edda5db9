// Believed: an address is the same memory in parent and child, so ask whose page table has an entry there.
// Rejected by: a parent that wrote after the fork no longer reads what its device writes
import { PAGE_SIZE, type Pid, type State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, registration: Registration): Pid[] {
  const vpn = registration.addr / PAGE_SIZE;
  return [...state.tasks.values()]
    .filter((task) => state.mms.get(task.mm)!.ptes.has(vpn))
    .map((task) => task.pid);
}
