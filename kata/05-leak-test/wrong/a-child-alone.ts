// Believed: a grandchild is its parent's child, so two processes show all that there is.
// Rejected by: a kernel that loses count when a page is shared twice is caught
export * from "../solution.ts";
import { type Kernel, leaksOnce, WAYS } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  return WAYS.filter(({ generations }) => generations === 1)
    .some((way) => leaksOnce(boot(), way));
}
