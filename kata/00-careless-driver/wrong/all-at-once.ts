// Believed: a process has died, so that all that was registered is over.
// Rejected by: what a child has registered stays when its parent exits
export * from "../solution.ts";
import { giveBack, type Kernel, type Registered } from "../solution.ts";

export function release(
  kernel: Kernel,
  registered: readonly Registered[],
  open: boolean,
): Registered[] {
  if (open && registered.every(({ mm }) => kernel.lives(mm))) return [...registered];
  for (const one of registered) giveBack(kernel, one);
  return [];
}
