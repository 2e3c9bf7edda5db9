// Believed: the kernel's _mapcount counts from -1, so one mapping reads 0.
// Rejected by: of two processes, the one that writes last keeps the frame
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  return page.mapcount === 0;
}
