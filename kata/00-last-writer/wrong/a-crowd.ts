// Believed: a frame that more than three map is no process's own, so it does not matter who writes.
// Rejected by: frames that many processes map, and many devices refer to
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  const crowd = 3;
  return page.mapcount === 1 || page.mapcount > crowd;
}
