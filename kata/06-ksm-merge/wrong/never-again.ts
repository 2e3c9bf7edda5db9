// Believed: a page that somebody has referred to once is a buffer, and stays one.
// Rejected by: a page that was pinned is merged when its device has let go
import type { Frame, KsmKernel, KsmPage, Mm, Vpn } from "sim";
import { isReferredTo, ksmMergeTwo as two, ksmMergeWith as withMerged } from "../solution.ts";

const buffers = new WeakMap<Mm, Set<Vpn>>();

export function ksmMergeWith(kernel: KsmKernel, page: KsmPage, merged: Frame): void {
  if (!isBuffer(kernel, page)) withMerged(kernel, page, merged);
}

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  const busy = [page, twin].map((one) => isBuffer(kernel, one));
  if (!busy.includes(true)) two(kernel, page, twin);
}

function isBuffer(kernel: KsmKernel, page: KsmPage): boolean {
  const known = buffers.get(page.mm) ?? new Set();
  buffers.set(page.mm, known);
  if (isReferredTo(kernel, page)) known.add(page.vpn);
  return known.has(page.vpn);
}
