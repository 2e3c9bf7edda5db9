// Believed: a page that the swap cache has is somebody else's, too.
// Rejected by: what else is known of a frame is not asked
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  return page.mapcount === 1 && page.swap === 0;
}
