// Believed: only a pin is promised anything, and 1024 is what one weighs.
// Rejected by: a page in a pipe stays its process's
export * from "../solution.ts";
import { GUP_PIN_COUNTING_BIAS, type KsmKernel, type KsmPage } from "sim";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  const both = [page, twin];
  if (both.some((one) => kernel.frame(one).refcount >= GUP_PIN_COUNTING_BIAS)) return;
  for (const one of both) {
    if (kernel.frame(one).anonExclusive) kernel.unmarks(one);
    kernel.protects(one);
  }
  kernel.makesKsm(page);
  kernel.maps(twin, kernel.frame(page));
}
