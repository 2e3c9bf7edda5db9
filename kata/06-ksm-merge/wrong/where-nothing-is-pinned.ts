// Believed: a process that has pinned something has devices, and devices and KSM do not go together.
// Rejected by: the pages beside a pinned one are merged
import type { Frame, KsmKernel, KsmPage } from "sim";
import { ksmMergeTwo as two, ksmMergeWith as withMerged } from "../solution.ts";

export function ksmMergeWith(kernel: KsmKernel, page: KsmPage, merged: Frame): void {
  if (!page.mm.hasPinned) withMerged(kernel, page, merged);
}

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (!page.mm.hasPinned && !twin.mm.hasPinned) two(kernel, page, twin);
}
