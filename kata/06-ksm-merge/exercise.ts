import type { Frame, KsmKernel, KsmPage } from "sim";

/**
 * KSM has found that a page is like a frame which is merged already: gives the
 * page this frame, or leaves it alone.
 */
export function ksmMergeWith(kernel: KsmKernel, page: KsmPage, merged: Frame): void {
  // TODO: merge what may be merged, here and in ksmMergeTwo(). So far whatever
  // looks the same becomes one frame.
  kernel.maps(page, merged);
}

/**
 * KSM has found two pages that are alike: gives both one frame, which is merged
 * from then on, or leaves both alone.
 *
 * @param twin the page that was looked at earlier in this scan
 */
export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  kernel.maps(twin, kernel.frame(page));
}
