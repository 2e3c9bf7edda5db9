// Believed: a device has a queue to send and one to receive, so that there are two registrations.
// Rejected by: many registrations are kept, and end, like one
export * from "../solution.ts";
import { type Kernel, type Registered, release as right } from "../solution.ts";

export function release(
  kernel: Kernel,
  registered: readonly Registered[],
  open: boolean,
): Registered[] {
  return right(kernel, registered.slice(0, 2), open);
}
