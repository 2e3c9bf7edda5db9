// Believed: what MADV_FREE has given up is nobody's, so that nobody may keep it.
// Rejected by: what else is known of a frame is not asked
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  return page.mapcount === 1 && !page.lazyfree;
}
