// Believed: a page that is full to the last byte was written by a device, and is left to it.
// Rejected by: what else is known of a frame is not asked
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  return page.mapcount === 1 && page.bytes.length < 4096;
}
