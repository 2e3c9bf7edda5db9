// Believed: a page may be merged if its process is the only one that has it.
// Rejected by: a page that fork has shared is merged
import type { Frame, KsmKernel, KsmPage } from "sim";
import { ksmMergeTwo as two, ksmMergeWith as withMerged } from "../solution.ts";

const isAlone = ({ refcount, mapcount, swap }: Frame) =>
  mapcount === 1 && refcount === (swap ? 2 : 1);

export function ksmMergeWith(kernel: KsmKernel, page: KsmPage, merged: Frame): void {
  if (isAlone(kernel.frame(page))) withMerged(kernel, page, merged);
}

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  const alone = [page, twin].every((one) => isAlone(kernel.frame(one)));
  if (alone) two(kernel, page, twin);
}
