// Believed: a pin is the eleventh bit of the count, and nobody else's references reach as high.
// Rejected by: two pages and three processes, anon_exclusive, in every short order and many long ones
export * from "../solution.ts";
import type { Frame, KsmKernel, KsmPage } from "sim";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (isReferred(kernel.frame(page)) || isReferred(kernel.frame(twin))) return;
  for (const one of [page, twin]) {
    kernel.unmarks(one);
    kernel.protects(one);
  }
  kernel.makesKsm(page);
  kernel.maps(twin, kernel.frame(page));
}

function isReferred({ refcount, mapcount, swap }: Frame): boolean {
  return ((refcount - mapcount - (swap ? 1 : 0)) & 0x7ff) !== 0;
}
