// Believed: a merged frame is copied at every write, so that its mark says nothing any more.
// Rejected by: who pins a merged page takes it out first
export * from "../solution.ts";
import type { KsmKernel, KsmPage } from "sim";
import { ksmMergeTwo as right } from "../solution.ts";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  right({ ...kernel, unmarks() {} }, page, twin);
}
