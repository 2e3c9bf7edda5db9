// Believed: the later page keeps its frame, so that whoever refers to that keeps it, too.
// Rejected by: a page that is pinned stays its process's, though it was looked at last
export * from "../solution.ts";
import type { KsmKernel, KsmPage } from "sim";
import { writeProtect } from "../solution.ts";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (!writeProtect(kernel, twin)) return;
  if (kernel.frame(page).anonExclusive) kernel.unmarks(page);
  kernel.protects(page);
  kernel.makesKsm(page);
  kernel.maps(twin, kernel.frame(page));
}
