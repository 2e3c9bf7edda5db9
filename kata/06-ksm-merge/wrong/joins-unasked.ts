// Believed: that a frame is merged was decided when it began; who joins only has to be alike.
// Rejected by: a page that is pinned stays its process's, though others are merged already
export * from "../solution.ts";
import type { Frame, KsmKernel, KsmPage } from "sim";

export function ksmMergeWith(kernel: KsmKernel, page: KsmPage, merged: Frame): void {
  kernel.maps(page, merged);
}
