// Believed: the list of registrations is the driver's own, to be kept up to date in place.
// Rejected by: the last close gives everything back
export * from "../solution.ts";
import { type Kernel, type Registered, release as right } from "../solution.ts";

export function release(
  kernel: Kernel,
  registered: readonly Registered[],
  open: boolean,
): Registered[] {
  const list = registered as Registered[];
  const stay = right(kernel, registered, open);
  list.length = 0;
  list.push(...stay);
  return list;
}
