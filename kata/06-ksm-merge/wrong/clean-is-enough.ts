// Believed: through an entry that is read-only and clean nobody has written, so that there is nothing to ask.
// Rejected by: a page in a pipe stays its process's, though its entry is read-only and clean
export * from "../solution.ts";
import type { KsmKernel, KsmPage } from "sim";
import { writeProtect } from "../solution.ts";

export function ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void {
  if (!gives(kernel, page)) return;
  kernel.makesKsm(page);
  if (gives(kernel, twin)) kernel.maps(twin, kernel.frame(page));
  else kernel.breaks(page);
}

function gives(kernel: KsmKernel, page: KsmPage): boolean {
  const { writable, dirty } = kernel.pte(page);
  if (writable || dirty) return writeProtect(kernel, page);
  kernel.unmarks(page);
  return true;
}
