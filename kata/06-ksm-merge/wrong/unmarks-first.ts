// Believed: first a page is taken out of its process's hands, then it is counted who has it.
// Rejected by: a page that is left alone keeps its mark
export * from "../solution.ts";
import type { KsmKernel, KsmPage } from "sim";
import { ksmMergeTwo as right } from "../solution.ts";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  for (const one of [page, twin]) kernel.unmarks(one);
  right(kernel, page, twin);
}
