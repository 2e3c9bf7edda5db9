import type { Frame, KsmKernel, KsmPage } from "sim";

/**
 * KSM has found that a page is like a frame which is merged already: gives the
 * page this frame, or leaves it alone.
 */
export function ksmMergeWith(kernel: KsmKernel, page: KsmPage, merged: Frame): void {
  // Who refers to the merged frame is of no interest: it does not change.
  if (writeProtect(kernel, page)) kernel.maps(page, merged);
}

/**
 * KSM has found two pages that are alike: gives both one frame, which is merged
 * from then on, or leaves both alone.
 *
 * @param twin the page that was looked at earlier in this scan
 */
export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (!writeProtect(kernel, page)) return;
  kernel.makesKsm(page);
  if (writeProtect(kernel, twin)) return kernel.maps(twin, kernel.frame(page));
  // A merged frame with one page in it would never be written in place again,
  // and whoever refers to it from now on would be left behind. The kernel does
  // as this does; to ask both pages before either is changed is as good.
  kernel.breaks(page);
}

/**
 * Takes a page out of its process's hands.
 *
 * @returns whether it may be merged
 */
export function writeProtect(kernel: KsmKernel, page: KsmPage): boolean {
  if (isReferredTo(kernel, page)) return false;
  // The mark says that one process has the frame. Left there, it would be
  // believed by the next who pins it.
  if (kernel.frame(page).anonExclusive) kernel.unmarks(page);
  // The frame that stays is in this entry, and nobody is to write through it.
  kernel.protects(page);
  return true;
}

/**
 * Does anybody have the frame who would not come along? Page tables would: all
 * that they do with it goes through an entry. So does the swap cache. A pipe or
 * a device has the frame itself, and goes on with it.
 */
export function isReferredTo(kernel: KsmKernel, page: KsmPage): boolean {
  const { refcount, mapcount, swap } = kernel.frame(page);
  const cache = swap ? 1 : 0;
  // Of a page without the mark it need not be asked: whoever refers to it is
  // parted from it at the next store in any case. The kernel does not count
  // where, besides, the entry is read-only and clean. To count all the same
  // merges less, and harms nobody.
  if (refcount === mapcount + cache) return false;
  kernel.leaves(page);
  return true;
}
