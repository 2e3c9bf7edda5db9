// Believed: every reference of a frame is one of the page tables', or somebody else has it.
// Rejected by: a page in the swap cache is merged
export * from "../solution.ts";
import type { KsmKernel, KsmPage } from "sim";
import { ksmMergeTwo as right } from "../solution.ts";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  const [one, other] = [kernel.frame(page), kernel.frame(twin)];
  if (one.refcount === one.mapcount && other.refcount === other.mapcount) {
    right(kernel, page, twin);
  }
}
