// Believed: a page of one process in another's page table is a hole in the wall between them.
// Rejected by: pages of two processes that are alike have one frame
export * from "../solution.ts";
import type { KsmKernel, KsmPage } from "sim";
import { ksmMergeTwo as right } from "../solution.ts";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (page.mm === twin.mm) right(kernel, page, twin);
}
