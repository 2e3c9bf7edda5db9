// Believed: the second page is there to see whether fork asks about each; swap is another matter.
// Rejected by: a kernel whose fork clears the first swap entry only is caught
export * from "../solution.ts";
import { A, type Kernel, leaksOnce, WAYS } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  return WAYS.filter(({ addr, pageout }) => addr === A || pageout === "never")
    .some((way) => leaksOnce(boot(), way));
}
