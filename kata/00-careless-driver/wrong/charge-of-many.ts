// Believed: whoever has that many registrations will have more at once, so that the charge can stay.
// Rejected by: many registrations are kept, and end, like one
export * from "../solution.ts";
import { type Kernel, type Registered, release as right } from "../solution.ts";

export function release(
  kernel: Kernel,
  registered: readonly Registered[],
  open: boolean,
): Registered[] {
  const charge: Kernel["charge"] = registered.length < 3 ? kernel.charge : () => {};
  return right({ ...kernel, charge }, registered, open);
}
