// Believed: memory grows upwards, so that nothing below the registered address can be meant.
// Rejected by: a page that was moved is read where it is now
import { PAGE_SIZE, type Pid, type State } from "sim";
import type { Registration } from "../solution.ts";

export function readersOf(state: State, { holder, addr }: Registration): Pid[] {
  const held = new Set((state.holds.get(holder) ?? []).map((hold) => hold.pfn));
  return [...state.tasks.values()]
    .filter((task) =>
      [...state.mms.get(task.mm)!.ptes].some(([vpn, pte]) =>
        vpn >= addr / PAGE_SIZE && held.has(pte.pfn)
      )
    )
    .map((task) => task.pid);
}
