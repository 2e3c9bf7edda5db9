// Believed: what goes out when one process is left goes out page by page, so that the first page will do.
// Rejected by: kernels that leak are caught, whatever else is right with them
export * from "../solution.ts";
import { A, type Kernel, leaksOnce, WAYS } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  return WAYS.filter(({ addr, pageout }) => addr === A || pageout !== "afterwards")
    .some((way) => leaksOnce(boot(), way));
}
