// Believed: what was charged is given back, always.
// Rejected by: a process that exits takes its registrations along, though its child has the descriptor
export * from "../solution.ts";
import type { Kernel, Registered } from "../solution.ts";

export function release(
  kernel: Kernel,
  registered: readonly Registered[],
  open: boolean,
): Registered[] {
  const stays = ({ mm }: Registered) => open && kernel.lives(mm);
  for (const { mm, pfns } of registered.filter((one) => !stays(one))) {
    for (const pfn of pfns) kernel.put_page(pfn);
    kernel.charge(mm, -pfns.length);
  }
  return registered.filter(stays);
}
