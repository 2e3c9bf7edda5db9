// Believed: what MADV_FREE has given up will be dropped, and need not be merged.
// Rejected by: any page, any counts, in any order
export * from "../solution.ts";
import type { KsmKernel, KsmPage } from "sim";
import { ksmMergeTwo as right } from "../solution.ts";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (![page, twin].some((one) => kernel.frame(one).lazyfree)) right(kernel, page, twin);
}
