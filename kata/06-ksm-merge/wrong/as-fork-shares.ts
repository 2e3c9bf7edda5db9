// Believed: pages that are merged are shared as fork shares them: read-only entries, and a write fault that counts.
// Rejected by: the last who has a merged frame does not write in it
export * from "../solution.ts";
import type { KsmKernel, KsmPage } from "sim";
import { isReferredTo, writeProtect } from "../solution.ts";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (isReferredTo(kernel, page) || isReferredTo(kernel, twin)) return;
  writeProtect(kernel, page);
  writeProtect(kernel, twin);
  kernel.maps(twin, kernel.frame(page));
}
