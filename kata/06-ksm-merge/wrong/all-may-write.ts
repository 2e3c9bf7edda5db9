// Believed: KSM's frames are copied at every write fault, so that the entries need not be touched.
// Rejected by: what is stored to one of two merged pages is not read in the other
export * from "../solution.ts";
import type { KsmKernel, KsmPage } from "sim";
import { isReferredTo } from "../solution.ts";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (isReferredTo(kernel, page) || isReferredTo(kernel, twin)) return;
  if (kernel.frame(page).anonExclusive) kernel.unmarks(page);
  kernel.makesKsm(page);
  kernel.maps(twin, kernel.frame(page));
}
