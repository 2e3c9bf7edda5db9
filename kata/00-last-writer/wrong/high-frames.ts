// Believed: what lies above the low gigabytes is not a process's to keep.
// Rejected by: what else is known of a frame is not asked
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  return page.mapcount === 1 && page.pfn < 2 ** 24;
}
