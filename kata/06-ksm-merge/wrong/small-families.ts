// Believed: what many processes map is a library's, and not worth the daemon's time.
// Rejected by: a page that fifty processes share is merged
export * from "../solution.ts";
import type { Frame, KsmKernel, KsmPage } from "sim";
import { ksmMergeTwo as two, ksmMergeWith as withMerged } from "../solution.ts";

const small = ({ mapcount }: Frame) => mapcount < 20;

export function ksmMergeWith(kernel: KsmKernel, page: KsmPage, merged: Frame): void {
  if (small(kernel.frame(page))) withMerged(kernel, page, merged);
}

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (small(kernel.frame(page)) && small(kernel.frame(twin))) two(kernel, page, twin);
}
