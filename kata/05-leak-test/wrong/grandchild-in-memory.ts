// Believed: swap counts its entries itself, so that it makes no difference how many there are.
// Rejected by: a kernel that loses count of swap entries is caught
export * from "../solution.ts";
import { type Kernel, leaksOnce, WAYS } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  return WAYS.filter(({ generations, pageout }) => generations === 1 || pageout === "never")
    .some((way) => leaksOnce(boot(), way));
}
