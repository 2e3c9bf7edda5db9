// Believed: kernels take care of the first page of a mapping, if of any, so the second is the one to try.
// Rejected by: a kernel that leaks only on the first page is caught
export * from "../solution.ts";
import { B, type Kernel, leaksOnce, WAYS } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  return WAYS.filter(({ addr }) => addr === B)
    .some((way) => leaksOnce(boot(), way));
}
