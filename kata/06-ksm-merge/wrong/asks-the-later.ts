// Believed: the earlier page was asked when KSM came to it.
// Rejected by: a page that is pinned stays its process's, though it was looked at first
export * from "../solution.ts";
import type { KsmKernel, KsmPage } from "sim";
import { writeProtect } from "../solution.ts";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (!writeProtect(kernel, page)) return;
  kernel.makesKsm(page);
  kernel.maps(twin, kernel.frame(page));
}
