// Believed: two pages that are alike have one frame, and a third will find its own twin.
// Rejected by: a third page gets the frame that two have
export * from "../solution.ts";
import type { Frame, KsmKernel, KsmPage } from "sim";

export function ksmMergeWith(kernel: KsmKernel, page: KsmPage, merged: Frame): void {
  if (merged.mapcount < 2) kernel.maps(page, merged);
}
