// Believed: only entries that fork duplicates can go wrong, so it is put out first.
// Rejected by: a kernel that goes by the mapcount when a page is swapped out is caught
export * from "../solution.ts";
import { type Kernel, leaksOnce, WAYS } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  return WAYS.filter(({ pageout }) => pageout !== "afterwards")
    .some((way) => leaksOnce(boot(), way));
}
