// Believed: a marked page is its process's alone, and to merge it would make it somebody else's, too.
// Rejected by: two pages that are alike have one frame
import type { Frame, KsmKernel, KsmPage } from "sim";
import { ksmMergeTwo as two, ksmMergeWith as withMerged } from "../solution.ts";

export function ksmMergeWith(kernel: KsmKernel, page: KsmPage, merged: Frame): void {
  if (!kernel.frame(page).anonExclusive) withMerged(kernel, page, merged);
}

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  const marked = [page, twin].some((one) => kernel.frame(one).anonExclusive);
  if (!marked) two(kernel, page, twin);
}
