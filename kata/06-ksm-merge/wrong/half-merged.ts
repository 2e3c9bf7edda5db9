// Believed: a merged frame with one page harms nobody, and the next page that is like it will join.
// Rejected by: a page whose twin is pinned is as before
export * from "../solution.ts";
import type { KsmKernel, KsmPage } from "sim";
import { writeProtect } from "../solution.ts";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (!writeProtect(kernel, page)) return;
  kernel.makesKsm(page);
  if (writeProtect(kernel, twin)) kernel.maps(twin, kernel.frame(page));
}
