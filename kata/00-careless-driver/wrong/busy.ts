// Believed: a driver with so much to do tidies up when it has time, at the last close.
// Rejected by: the registrations of one that dies are given back, however many others live
export * from "../solution.ts";
import { type Kernel, type Registered, release as right } from "../solution.ts";

export function release(
  kernel: Kernel,
  registered: readonly Registered[],
  open: boolean,
): Registered[] {
  return open && registered.length > 3 ? [...registered] : right(kernel, registered, open);
}
