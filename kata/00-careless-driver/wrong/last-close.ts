// Believed: a driver hears of the last close, and that is when it lets go.
// Rejected by: a process that exits takes its registrations along, though its child has the descriptor
export * from "../solution.ts";
import { giveBack, type Kernel, type Registered } from "../solution.ts";

export function release(
  kernel: Kernel,
  registered: readonly Registered[],
  open: boolean,
): Registered[] {
  if (open) return [...registered];
  for (const one of registered) giveBack(kernel, one);
  return [];
}
