// Believed: pages are alike, so one will do.
// Rejected by: a kernel that is careful with the first page only is caught
export * from "../solution.ts";
import { A, type Kernel, leaksOnce, WAYS } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  return WAYS.filter(({ addr }) => addr === A)
    .some((way) => leaksOnce(boot(), way));
}
