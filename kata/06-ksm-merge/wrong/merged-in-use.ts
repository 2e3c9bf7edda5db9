// Believed: whoever refers to a frame must not be surprised by others who map it, merged or not.
// Rejected by: a third page gets the frame also when somebody refers to that
export * from "../solution.ts";
import type { Frame, KsmKernel, KsmPage } from "sim";
import { ksmMergeWith as right } from "../solution.ts";

export function ksmMergeWith(kernel: KsmKernel, page: KsmPage, merged: Frame): void {
  const { refcount, mapcount, swap } = merged;
  if (refcount === mapcount + (swap ? 1 : 0)) right(kernel, page, merged);
}
