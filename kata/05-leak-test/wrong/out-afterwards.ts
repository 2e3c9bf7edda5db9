// Believed: a page that comes back from swap is judged by what is there then, so it is put out last.
// Rejected by: a kernel whose fork keeps swap entries exclusive is caught
export * from "../solution.ts";
import { type Kernel, leaksOnce, WAYS } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  return WAYS.filter(({ pageout }) => pageout !== "before the fork")
    .some((way) => leaksOnce(boot(), way));
}
