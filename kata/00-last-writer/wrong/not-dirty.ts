// Believed: a dirty page still has to be written out, so that it is left alone.
// Rejected by: what else is known of a frame is not asked
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  return page.mapcount === 1 && !page.dirty;
}
